"""What intake makes of the notebooks that editors leave behind, and what it says about those that it refuses."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import broken
import exercise_support as exercises
import grading_support as support
import nbformat
import pytest
from grading_support import EXERCISE, POINTS

from dnnlib.grading import exercise as source
from dnnlib.grading.course import GRADED, LOOK, REFUSED, is_student
from dnnlib.grading.exercise import Exercise
from dnnlib.grading.handin import intake
from dnnlib.grading.intake import Rebuilt, Refused, parse, read, rebuild

Notebook = dict[str, Any]
RIGHT = "def half_plane(p, q, inside):\n    return [1, 2], 3\n"


@pytest.fixture(scope="module")
def perceptron() -> Exercise:
    """The exercise that everything here belongs to."""
    return source.load(exercises.EXERCISES / "source" / EXERCISE / f"{EXERCISE}.ipynb")


def filled_in() -> Notebook:
    """The released notebook with a solution and an answer, as JSON."""
    notebook = exercises.read("release", EXERCISE)
    cells = exercises.solutions(notebook)
    cells["half_plane"].source = RIGHT
    cells["one_neuron"].source = "My proof."
    made: Notebook = json.loads(nbformat.writes(notebook))
    return made


def take(perceptron: Exercise, notebook: Notebook) -> Rebuilt:
    """The notebook that would be graded."""
    return rebuild(perceptron, json.dumps(notebook).encode())


def order(rebuilt: Rebuilt) -> list[str]:
    """The grade ids in the order of the rebuilt notebook."""
    return [piece.cell.grade_id for piece in rebuilt.pieces if piece.cell]


def source_of(rebuilt: Rebuilt, grade_id: str) -> str:
    """What is graded as this cell."""
    (found,) = [piece.source for piece in rebuilt.pieces if piece.cell and piece.cell.grade_id == grade_id]
    return found


def without_metadata(notebook: Notebook) -> None:
    """Some editors write sources only."""
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id")
    notebook["nbformat_minor"] = 4


def without_ids(notebook: Notebook) -> None:
    """An old Jupyter has no cell ids."""
    for cell in notebook["cells"]:
        cell.pop("id")
    notebook["nbformat_minor"] = 4


def from_colab(notebook: Notebook) -> None:
    """Colab has ids and outputs of its own, and drops nbgrader's metadata."""
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {"colab": {"provenance": [], "toc_visible": True}, "kernelspec": {"name": "python3"}}
    for number, cell in enumerate(notebook["cells"]):
        cell.pop("id")
        cell["metadata"] = {"id": f"x{number}"}
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"outputId": f"o{number}", "colab": {"base_uri": "https://localhost:8080/"}}
            cell["execution_count"] = number


def in_lines(notebook: Notebook) -> None:
    """Sources as lists of lines."""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


def in_one_string(notebook: Notebook) -> None:
    """Sources as strings, with another end of line and spaces that an editor adds."""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", " \r\n") + "\n\n"


def backwards(notebook: Notebook) -> None:
    """The graded cells from the last to the first."""
    notebook["cells"].reverse()


def own_ids(notebook: Notebook) -> None:
    """Grade ids that the student made up."""
    for number, cell in enumerate(notebook["cells"]):
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["grade_id"] = f"mine-{number}"
        cell["id"] = f"mine-{number}"


def with_byte_order_mark(notebook: Notebook) -> None:
    """Metadata with everything that other programs put there."""
    notebook["metadata"] |= {"widgets": {"state": {}}, "vscode": {"interpreter": {"hash": "x"}}, "language_info": {}}
    for cell in notebook["cells"]:
        cell["metadata"] |= {"tags": ["x"], "collapsed": True, "deletable": False, "slideshow": None}


EDITORS = [without_metadata, without_ids, from_colab, in_lines, in_one_string, own_ids, with_byte_order_mark]


@pytest.mark.parametrize("editor", EDITORS, ids=lambda editor: editor.__name__)
def test_every_cell_is_found_whatever_the_editor(editor: Callable[[Notebook], None], perceptron: Exercise) -> None:
    notebook = filled_in()
    editor(notebook)
    rebuilt = take(perceptron, notebook)
    assert order(rebuilt) == list(perceptron.cells)
    assert source_of(rebuilt, "half_plane").split() == RIGHT.split()
    assert source_of(rebuilt, "one_neuron").strip() == "My proof."
    assert rebuilt.look == []
    assert [note for note in rebuilt.notes if "missing" in note] == []


@pytest.mark.parametrize("editor", [None, without_metadata], ids=["metadata", "none"])
def test_cells_stay_in_the_order_of_the_student(
    editor: Callable[[Notebook], None] | None, perceptron: Exercise
) -> None:
    notebook = filled_in()
    if editor:
        editor(notebook)
        answer = next(cell for cell in notebook["cells"] if "".join(cell["source"]) == "My proof.")
        notebook["cells"].remove(answer)
        notebook["cells"].append(answer)
    notebook["cells"].reverse()
    rebuilt = take(perceptron, notebook)
    assert sorted(order(rebuilt)) == sorted(perceptron.cells)
    assert order(rebuilt).index("train") < order(rebuilt).index("half_plane")
    assert source_of(rebuilt, "half_plane") == RIGHT


def test_helper_cells_stay_in_place(perceptron: Exercise) -> None:
    notebook = filled_in()
    helper = {"cell_type": "code", "metadata": {}, "source": "def helper():\n    return 1\n"}
    place = next(i for i, cell in enumerate(notebook["cells"]) if "".join(cell["source"]) == RIGHT)
    notebook["cells"].insert(place, helper)
    rebuilt = take(perceptron, notebook)
    place = next(i for i, piece in enumerate(rebuilt.pieces) if "helper" in piece.source)
    assert rebuilt.pieces[place].cell is None
    assert rebuilt.pieces[place + 1].source == RIGHT


def test_locked_cells_come_from_the_instructor(perceptron: Exercise) -> None:
    notebook = filled_in()
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("locked"):
            cell["source"] = "pass"
    rebuilt = take(perceptron, notebook)
    locked = [cell for cell in perceptron.cells.values() if cell.kind in ("given", "test")]
    assert all(source_of(rebuilt, cell.grade_id) == cell.source for cell in locked)
    assert {note for note in rebuilt.notes if "was changed" in note} == {
        f"cell {cell.grade_id} was changed; the instructor's is used" for cell in locked
    }


@pytest.mark.parametrize("grade_id", ["imports", "half_plane", "test_half_plane", "one_neuron", "recognize"])
def test_a_missing_cell_is_put_back_at_its_place(grade_id: str, perceptron: Exercise) -> None:
    notebook = filled_in()
    notebook["cells"].remove(broken.cell(notebook, grade_id))
    rebuilt = take(perceptron, notebook)
    assert order(rebuilt) == list(perceptron.cells)
    assert f"cell {grade_id} was missing and is put back" in rebuilt.notes
    cell = perceptron.cells[grade_id]
    assert source_of(rebuilt, grade_id) == (cell.source if cell.kind in ("given", "test") else cell.released)


def test_of_two_cells_with_one_id_the_fitting_one_counts(perceptron: Exercise) -> None:
    for forward in [True, False]:
        notebook = filled_in()
        real = broken.cell(notebook, "half_plane")
        false = copy.deepcopy(real) | {"source": "print('notes')", "id": "other"}
        place = notebook["cells"].index(real)
        notebook["cells"].insert(place if forward else place + 1, false)
        rebuilt = take(perceptron, notebook)
        assert source_of(rebuilt, "half_plane") == RIGHT
        assert [piece.source for piece in rebuilt.pieces if piece.source == "print('notes')"] == ["print('notes')"]


def test_copies_of_tests_are_dropped(perceptron: Exercise) -> None:
    notebook = filled_in()
    test = broken.cell(notebook, "test_half_plane")
    notebook["cells"] += [
        copy.deepcopy(test) | {"id": "a"},
        {"cell_type": "code", "metadata": {}, "source": test["source"]},
    ]
    rebuilt = take(perceptron, notebook)
    assert order(rebuilt) == list(perceptron.cells)
    assert len(rebuilt.pieces) == len(filled_in()["cells"])


def test_a_notebook_of_only_the_solutions_is_enough(perceptron: Exercise) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": RIGHT}
    rebuilt = take(perceptron, {"nbformat": 4, "cells": [cell]})
    assert order(rebuilt) == list(perceptron.cells)
    assert source_of(rebuilt, "half_plane") == RIGHT


def test_an_answer_that_cannot_be_found_is_looked_at(perceptron: Exercise) -> None:
    notebook = filled_in()
    without_metadata(notebook)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    rebuilt = take(
        perceptron, notebook | {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "A proof."}, *cells]}
    )
    assert rebuilt.look == ["the answer one_neuron was not found by its cell; it may stand in another text cell"]


def test_raw_cells_and_outputs_are_left_out(perceptron: Exercise) -> None:
    notebook = filled_in()
    notebook["cells"].append({"cell_type": "raw", "metadata": {}, "source": "raw text"})
    rebuilt = take(perceptron, notebook)
    assert "raw text" not in [piece.source for piece in rebuilt.pieces]


def test_half_surrogate_pairs_are_replaced(perceptron: Exercise) -> None:
    notebook = filled_in()
    broken.cell(notebook, "one_neuron")["source"] = "half \ud800 pair"
    assert source_of(take(perceptron, notebook), "one_neuron") == "half ? pair"


def test_utf_8_with_a_byte_order_mark_is_read() -> None:
    assert parse(b"\xef\xbb\xbf" + json.dumps(filled_in()).encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", ["not a Jupyter notebook", "line 1 column 2"]),
        (b"\xff\xfe\x00", ["not text in UTF-8", "no Jupyter notebook"]),
        (b"[]", ["JSON, but not a Jupyter notebook"]),
        (b"{}", ["JSON, but not a Jupyter notebook"]),
        (b'{"nbformat": 3, "cells": []}', ["format 3", "format 4"]),
        (b'{"nbformat": null, "cells": []}', ["format None", "format 4"]),
        (b'{"nbformat": 4}', ["no cells"]),
        (b'{"nbformat": 4, "cells": {}}', ["no cells"]),
        (b'{"nbformat": 4, "cells": [1]}', ["cell 1", "no readable source"]),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}', ["cell 1", "no readable source"]),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 5]}]}', ["cell 1", "no readable source"]),
        (b'{"nbformat": 4, "cells": [{"cell_type": "heading", "source": ""}]}', ["cell 1"]),
        (b'{"nbformat": 4, "cells": [' + b'{"cell_type":"raw","source":""},' * 1000 + b"0]}", ["1001 cells", "1000"]),
        (b"[" * 50_000, ["not a Jupyter notebook", "too deep"]),
        (b'{"nbformat": 1' + b"0" * 5000 + b"}", ["not a Jupyter notebook"]),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else "",
)
def test_refusals_say_what_is_wrong(data: bytes, words: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        parse(data)
    assert all(word in str(refused.value) for word in words), refused.value
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("depth", [*range(850, 1001, 5), 993, 994, 996, 997, 998, 999])
def test_no_depth_stops_intake(depth: int) -> None:
    with pytest.raises(Refused):
        parse(b'{"nbformat": ' + b"[" * depth + b"]" * depth + b', "cells": []}')


def test_the_wrong_exercise_is_refused_by_name(perceptron: Exercise) -> None:
    cells = [{"cell_type": "code", "source": "x = 1"}]
    with pytest.raises(Refused, match=f"none of its cells belongs to the exercise {EXERCISE}"):
        take(perceptron, {"nbformat": 4, "cells": cells})


def test_files_are_read_with_care(tmp_path: Path) -> None:
    real, link, pipe, empty, large, gone = (
        tmp_path / name for name in ("real", "link", "pipe", "empty", "large", "gone")
    )
    real.write_text("content")
    link.symlink_to(real)
    os.mkfifo(pipe)
    empty.write_text(" \n")
    with large.open("wb") as file:
        file.truncate((20 << 20) + 1)
    assert read(real) == b"content"
    for path, words in [(link, "link"), (pipe, "regular"), (empty, "empty"), (large, "20971521"), (gone, "no file")]:
        with pytest.raises(Refused, match=words) as refused:
            read(path)
        assert path.name in str(refused.value)
    with pytest.raises(Refused, match="not a regular file"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["ada", "ada.lovelace@uni.example", "Łukasz_Ö", "a b", "x-1", "z", "001"])
def test_usual_names_are_ids(name: str) -> None:
    assert is_student(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "...",
        "a/b",
        "../x",
        "a\\b",
        "a\nb",
        "a\0b",
        "\x1b[2J",
        " a",
        "a ",
        "=1+1",
        "a,b",
        "\udcff",
        "x" * 101,
    ],
)
def test_odd_names_are_no_ids(name: str) -> None:
    assert not is_student(name)


def test_same_file_again_keeps_the_time_and_another_one_is_graded_anew(tmp_path: Path) -> None:
    course = support.new_course(tmp_path / "class")
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    (handed_in / "ada.ipynb").write_text(json.dumps(filled_in()))
    (first,) = intake(course, EXERCISE, handed_in)
    first.received = "2020-01-01T00:00:00+00:00"
    course.save(first)
    assert intake(course, EXERCISE, handed_in) == [first]
    (handed_in / "ada.ipynb").write_text("{")
    (kept,) = intake(course, EXERCISE, handed_in)
    assert (kept.received, kept.sha256) == (first.received, first.sha256)
    assert "a later file was refused, the earlier one counts" in kept.notes[-1]
    (handed_in / "ada.ipynb").write_text(json.dumps(filled_in() | {"metadata": {}}))
    (third,) = intake(course, EXERCISE, handed_in)
    assert third.received > first.received
    assert third.sha256 != first.sha256


def test_all_points_without_metadata_and_from_colab(tmp_path: Path) -> None:
    submissions = {}
    for editor in [without_metadata, from_colab, in_one_string, own_ids]:
        notebook = broken.plain()
        editor(notebook)
        submissions[editor.__name__] = json.dumps(notebook)
    only = [cell.source for name, cell in exercises.solutions(support.notebook()).items() if name in broken.NAMES]
    cells = [{"cell_type": "code", "source": text} for text in only]
    submissions["only_solutions"] = json.dumps({"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": cells})
    course = support.grade(tmp_path, submissions)
    records = {record.student: record for record in course.records(EXERCISE)}
    assert {name: record.cells for name, record in records.items()} == dict.fromkeys(submissions, POINTS)
    assert {record.status for record in records.values()} == {GRADED}


def test_refused_stays_refused_and_look_has_a_reason(tmp_path: Path) -> None:
    course = support.grade(tmp_path, {"bad": "{", "good": support.notebook()})
    bad, good = course.records(EXERCISE)
    assert (bad.status, good.status) == (REFUSED, GRADED)
    course.notebook("submitted", "good", EXERCISE).unlink()
    support.autograde(course, EXERCISE, limits=support.LIMITS, again=True)
    _, good = course.records(EXERCISE)
    assert good.status == LOOK
    assert "cannot be read any more" in good.reason
