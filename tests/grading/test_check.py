"""`python -m dnnlib.check`: what a student sees before handing in."""

import re
import subprocess
import sys
from pathlib import Path

import exercise_support as support
import nbformat
import pytest
from class_support import ANSWERS, EXERCISE

EXERCISES = sorted(path.parent.name for path in support.EXERCISES.glob("source/*/*.ipynb"))


def check(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dnnlib.check", path.name], cwd=path.parent, capture_output=True, text=True
    )


def saved(notebook: nbformat.NotebookNode, folder: Path, name: str = EXERCISE) -> Path:
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


@pytest.mark.parametrize("exercise", EXERCISES)
def test_reference_passes_its_visible_tests(exercise: str, tmp_path: Path) -> None:
    said = check(saved(support.submit(exercise, {}), tmp_path, exercise))
    assert said.returncode == 0, said.stdout + said.stderr
    assert re.search(r"(\d+) of \1 pass: (\d+) of \2 points if the hidden tests pass too", said.stdout)


def test_table_is_the_one_that_the_exercises_page_shows(tmp_path: Path) -> None:
    answer = ANSWERS["train_sign"]
    said = check(saved(support.submit(EXERCISE, {answer.cell: answer.code}), tmp_path))
    assert said.returncode == 1
    shown = re.search(r"```text\n(test .*?)```", (support.EXERCISES / "index.md").read_text(), re.DOTALL)
    assert shown
    assert said.stdout == shown[1]


def test_hidden_tests_are_not_needed_and_a_stub_says_so(tmp_path: Path) -> None:
    said = check(saved(support.read("release", EXERCISE), tmp_path))
    assert said.stdout.count("NotImplementedError: the function is not written yet") == 6
    assert "0 of 6 pass: 0 of 85 points" in said.stdout


def test_notebook_without_marks_is_matched_to_the_release_beside_it(tmp_path: Path) -> None:
    notebook = support.submit(EXERCISE, {})
    for cell in notebook.cells:
        cell.metadata = {}
    alone = check(saved(notebook, tmp_path))
    assert alone.returncode == 1
    assert "has no test cells that can be told from other cells" in alone.stderr
    place = tmp_path / "exercises" / "release" / EXERCISE
    place.mkdir(parents=True)
    saved(support.read("release", EXERCISE), place)
    beside = check(tmp_path / f"{EXERCISE}.ipynb")
    assert "6 of 6 pass" in beside.stdout, beside.stderr


def test_endless_cell_is_stopped_and_the_rest_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dnnlib.check import check as run
    from dnnlib.grading.limits import Limits

    path = saved(support.submit(EXERCISE, {"train": "def train(x, y, epochs):\n    while True: pass"}), tmp_path)
    results = {result.test: result.message for result in run(path, Limits(call_seconds=1))}
    assert "took too long and was stopped" in results.pop("test_train")
    assert set(results.values()) == {""}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("nothing.ipynb", None, "there is no file 'nothing.ipynb'"),
        ("broken.ipynb", "{", "the file is not a Jupyter notebook"),
        ("empty.ipynb", "", "'empty.ipynb' is empty"),
        ("other.ipynb", '{"nbformat": 4, "metadata": {}, "cells": []}', "no test cells that can be told"),
    ],
)
def test_bad_file_is_said_in_one_line(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    said = check(tmp_path / name)
    assert said.returncode == 1
    assert re.match(f"dnnlib.check: .*{message}", said.stderr)
    assert said.stderr.count("\n") == 1
