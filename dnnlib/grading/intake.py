"""Take in what a student handed in: read the file with care, and rebuild the notebook from the instructor's cells.

Of a submission only the sources of cells count. Which cell is which is told by nbgrader's metadata, else by nbformat's
cell id, else by what stands in the cell, so a notebook that lost its metadata is still matched. Locked cells come from
the instructor, cells that are missing are put back, and what the student added stays where it was.
"""

import errno
import json
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dnnlib.grading.exercise import Cell, Exercise, defined

LARGEST = 20 << 20
MOST_CELLS = 1000
ALIKE = 0.9


class Refused(Exception):
    """A file that cannot be graded. The message says why, for the student."""


@dataclass
class Piece:
    """A cell of the rebuilt notebook; `cell` is None for one that the student added."""

    cell: Cell | None
    type: str
    source: str


@dataclass
class Rebuilt:
    """A submission, rebuilt: its cells, remarks for the record, and what a person should look at."""

    pieces: list[Piece]
    notes: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)


def read(path: Path) -> bytes:
    """The bytes of a submitted file.

    Raises:
        Refused: it is missing, no regular file (a link, a folder, a pipe), empty, or larger than 20 MiB.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Refused(f"there is no file {path.name!r}") from None
    except OSError as error:
        link = error.errno == errno.ELOOP
        raise Refused(f"{path.name!r} is a link, not a file" if link else f"{path.name!r}: {error.strerror}") from None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise Refused(f"{path.name!r} is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        if facts.st_size > LARGEST:
            raise Refused(f"{path.name!r} has {facts.st_size} bytes; at most {LARGEST} are accepted")
        data = file.read(LARGEST + 1)
    if not data.strip():
        raise Refused(f"{path.name!r} is empty")
    return data


def parse(data: bytes) -> list[dict[str, Any]]:
    """The cells of a notebook: `{"type", "source", "grade_id", "cell_id"}`.

    Raises:
        Refused: it is no notebook of format 4.
    """
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("the file is not text in UTF-8, so it is no Jupyter notebook") from None
    except ValueError as error:
        raise Refused(f"the file is not a Jupyter notebook: {str(error)[:150]}") from None
    except RecursionError:
        raise Refused("the file is not a Jupyter notebook: its lists are too deep") from None
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise Refused("the file is JSON, but not a Jupyter notebook")
    if notebook["nbformat"] != 4:
        raise Refused(f"the notebook has format {str(notebook['nbformat'])[:20]}; save it in format 4 (.ipynb)")
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not cells:
        raise Refused("the notebook has no cells")
    if len(cells) > MOST_CELLS:
        raise Refused(f"the notebook has {len(cells)} cells; at most {MOST_CELLS} are accepted")
    return [_cell(cell, number) for number, cell in enumerate(cells, 1)]


def _cell(cell: Any, number: int) -> dict[str, Any]:
    source = cell.get("source") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise Refused(f"cell {number} of the notebook is damaged: it has no readable source")
    source = source.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be stored
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return {"type": cell["cell_type"], "source": source, "grade_id": grade_id, "cell_id": cell.get("id")}


def rebuild(exercise: Exercise, data: bytes) -> Rebuilt:
    """The notebook that is graded.

    Raises:
        Refused: `parse` refuses it, or it holds none of the cells that a student fills in.
    """
    submitted = parse(data)
    found = _match(exercise, submitted)
    wanted = [cell for cell in exercise.cells.values() if cell.kind in ("solution", "answer")]
    if not any(cell.grade_id in found.values() for cell in wanted):
        raise Refused(f"none of its cells belongs to the exercise {exercise.name}: is it the right notebook?")
    rebuilt = Rebuilt([])
    for number, given in enumerate(submitted):
        cell = exercise.cells.get(found.get(number, ""))
        if cell is None:
            if given["type"] != "raw" and not _copy_of_locked(exercise, given):
                rebuilt.pieces.append(Piece(None, given["type"], given["source"]))
        else:
            mine = cell.kind in ("solution", "answer")
            rebuilt.pieces.append(Piece(cell, cell.type, given["source"] if mine else cell.source))
            if not mine and _plain(given["source"]) != _plain(cell.released):
                rebuilt.notes.append(f"cell {cell.grade_id} was changed; the instructor's is used")
    _put_back(exercise, rebuilt)
    return rebuilt


def _match(exercise: Exercise, submitted: list[dict[str, Any]]) -> dict[int, str]:
    """Which submitted cell is which: position -> grade id, each grade id once, the surest sign first."""
    found: dict[int, str] = {}
    by_id = {cell.cell_id: cell.grade_id for cell in exercise.cells.values() if cell.cell_id}

    def take(sign: Any) -> None:
        for number, given in enumerate(submitted):
            name = sign(number, given) if number not in found else None
            cell = exercise.cells.get(name) if isinstance(name, str) else None
            if cell is not None and cell.type == given["type"] and name not in found.values():
                found[number] = cell.grade_id

    take(lambda number, given: given["grade_id"] if _fits(exercise, given) else None)
    take(lambda number, given: given["grade_id"])
    take(lambda number, given: by_id.get(given["cell_id"]) if isinstance(given["cell_id"], str) else None)
    take(lambda number, given: _by_content(exercise, given, found))
    take(lambda number, given: _by_question(exercise, submitted, number))
    return found


def _fits(exercise: Exercise, given: dict[str, Any]) -> bool:
    """Whether what stands in a cell agrees with its metadata: of two cells with one grade id, this is the one."""
    cell = exercise.cells.get(given["grade_id"]) if isinstance(given["grade_id"], str) else None
    if cell is None:
        return False
    if cell.kind == "solution" and cell.names:
        return bool(set(cell.names) & _defines(given["source"]))
    return cell.kind == "answer" or _plain(given["source"]) == _plain(cell.released)


def _by_content(exercise: Exercise, given: dict[str, Any], found: dict[int, str]) -> str | None:
    """The cell that defines the same names, or reads as the released one."""
    if given["type"] == "raw":
        return None
    names = _defines(given["source"]) if given["type"] == "code" else set()
    for cell in exercise.cells.values():
        if cell.grade_id in found.values() or cell.type != given["type"]:
            continue
        if cell.kind == "solution" and names & set(cell.names):
            return cell.grade_id
        if cell.kind in ("given", "test") and _alike(given["source"], cell.released):
            return cell.grade_id
    return None


def _by_question(exercise: Exercise, submitted: list[dict[str, Any]], number: int) -> str | None:
    """The answer whose question stands in the cell above."""
    above = submitted[number - 1] if number else None
    given = submitted[number]
    if above is None or above["type"] != "markdown" or given["type"] != "markdown":
        return None
    if any(_plain(given["source"]) == _plain(text) for _, text in exercise.released):
        return None
    answers = [cell for cell in exercise.cells.values() if cell.kind == "answer"]
    return next((cell.grade_id for cell in answers if _alike(above["source"], cell.question)), None)


def _put_back(exercise: Exercise, rebuilt: Rebuilt) -> None:
    """Put cells that are missing after the one that they follow in the exercise."""
    present = {piece.cell.grade_id for piece in rebuilt.pieces if piece.cell}
    place = 0
    for name, cell in exercise.cells.items():
        if name in present:
            place = 1 + next(i for i, piece in enumerate(rebuilt.pieces) if piece.cell is cell)
            continue
        mine = cell.kind in ("solution", "answer")
        rebuilt.pieces.insert(place, Piece(cell, cell.type, cell.released if mine else cell.source))
        place += 1
        rebuilt.notes.append(f"cell {name} was missing and is put back")
        extra = {_plain(text) for kind, text in exercise.released if kind == "markdown"}
        if cell.kind == "answer" and any(
            piece.cell is None and piece.type == "markdown" and _plain(piece.source) not in extra
            for piece in rebuilt.pieces
        ):
            rebuilt.look.append(f"the answer {name} was not found by its cell; it may stand in another text cell")


def _copy_of_locked(exercise: Exercise, given: dict[str, Any]) -> bool:
    """Whether a cell repeats an instructor's cell, for instance a test cell that was pasted twice."""
    locked = [cell for cell in exercise.cells.values() if cell.kind in ("given", "test")]
    if given["grade_id"] in [cell.grade_id for cell in locked]:
        return True
    return any(_plain(given["source"]) == _plain(cell.released) for cell in locked)


def _defines(source: str) -> set[str]:
    """The names that a cell defines, also where it does not parse."""
    return set(defined(source)) | set(re.findall(r"^(?:def|class) (\w+)", source, re.MULTILINE))


def _plain(text: str) -> str:
    """Text without the differences that editors make."""
    return re.sub(r"\s+", " ", text).strip()


def _alike(one: str, other: str) -> bool:
    """Whether two texts have nearly all their lines in common."""
    lines, others = (Counter(filter(None, map(str.strip, text.splitlines()))) for text in (one, other))
    return 2 * (lines & others).total() > ALIKE * (lines.total() + others.total())
