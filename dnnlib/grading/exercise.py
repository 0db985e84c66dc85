"""An exercise as its author wrote it: which cell is given, which one the student fills in, which one tests."""

import ast
import copy
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dnnlib.grading.limits import GradingError

HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n.*?^### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Cell:
    """A cell with a grade id.

    Args:
        grade_id: its name.
        kind: "given" (locked), "solution" (code of the student), "test", or "answer" (text that a person grades).
        type: "code" or "markdown".
        source: as the author wrote it, with hidden tests, or for a solution the reference.
        released: as students get it.
        points: what it is worth; 0 for given cells and solutions.
        cell_id: nbformat's id in the released notebook.
        metadata: nbgrader's.
        question: the text of the cell before it.
        names: what the reference defines at top level.
    """

    grade_id: str
    kind: str
    type: str
    source: str
    released: str
    points: float
    cell_id: str
    metadata: dict[str, Any]
    question: str = ""
    names: tuple[str, ...] = ()

    @property
    def visible(self) -> str:
        """The visible part of a test cell."""
        return HIDDEN.sub("", self.source).strip()


@dataclass(frozen=True)
class Exercise:
    """An exercise, read by `load`. `released` holds the sources of all cells of the released notebook, in order."""

    name: str
    cells: dict[str, Cell]
    released: list[tuple[str, str]]
    kernelspec: dict[str, Any]
    digest: str

    def tests(self) -> Iterator[Cell]:
        """The test cells."""
        return (cell for cell in self.cells.values() if cell.kind == "test")

    @property
    def names(self) -> list[str]:
        """Everything that solution cells define."""
        return [name for cell in self.cells.values() for name in cell.names]


def load(path: Path) -> Exercise:
    """Read the source notebook of an exercise.

    Raises:
        GradingError: it is missing, or nbgrader would not release it.
    """
    import nbformat  # not above: a student who checks an exercise may have neither of the two
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
    from nbgrader.utils import compute_checksum

    if not path.is_file():
        raise GradingError(f"there is no exercise at {path}: expected a notebook with solutions and hidden tests")
    source = nbformat.read(path, as_version=4)
    released = copy.deepcopy(source)
    try:
        for step in (ClearSolutions, ClearHiddenTests):
            released, _ = step().preprocess(released, {})
    except Exception as error:
        raise GradingError(f"exercise {path.stem} cannot be released: {error}") from None
    for cell in released.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return combine(path.stem, source, released)


def combine(name: str, source: dict[str, Any], released: dict[str, Any]) -> Exercise:
    """An exercise from its two notebooks; a student has only the released one, and gives it twice.

    Raises:
        GradingError: two cells have the same grade id.
    """
    cells: dict[str, Cell] = {}
    before = ""
    for written, given in zip(source["cells"], released["cells"], strict=True):
        if "nbgrader" in written["metadata"]:
            cell = _cell(written, given, before)
            if cell.grade_id in cells:
                raise GradingError(f"exercise {name} has two cells with the grade id {cell.grade_id}")
            cells[cell.grade_id] = cell
        before = _text(written)
    digest = hashlib.sha256(json.dumps([cell.__dict__ for cell in cells.values()], default=str).encode()).hexdigest()
    texts = [(cell["cell_type"], _text(cell)) for cell in released["cells"]]
    return Exercise(name, cells, texts, dict(source["metadata"].get("kernelspec", {})), digest)


def _cell(written: dict[str, Any], given: dict[str, Any], before: str) -> Cell:
    metadata = dict(given["metadata"]["nbgrader"])
    is_answer = metadata["solution"] and (metadata["grade"] or written["cell_type"] == "markdown")
    kind = "answer" if is_answer else "solution" if metadata["solution"] else "test" if metadata["grade"] else "given"
    return Cell(
        grade_id=metadata["grade_id"],
        kind=kind,
        type=written["cell_type"],
        source=_text(written),
        released=_text(given),
        points=float(metadata.get("points", 0)),
        cell_id=given.get("id", ""),
        metadata=metadata,
        question=before if kind == "answer" else "",
        names=defined(_text(written)) if kind == "solution" else (),
    )


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def defined(code: str) -> tuple[str, ...]:
    """The names of the functions, classes and variables that code defines at top level, () if it does not parse."""
    try:
        body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    names: list[str] = []
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            names += [name.id for name in ast.walk(target) if isinstance(name, ast.Name)] if target else []
    return tuple(dict.fromkeys(names))
