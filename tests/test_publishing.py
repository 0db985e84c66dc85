"""What an instructor publishes: the repository for students, and the pages with solutions."""

import os
import re
import subprocess
import sys
from pathlib import Path

import exercise_support as support
import nbformat
import pytest
from test_exercises import EXERCISES, secret_lines, text

ROOT = support.EXERCISES.parent


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the tools."""
    line = [sys.executable, str(ROOT / "tools" / f"{name}.py"), *arguments]
    return subprocess.run(line, capture_output=True, text=True)


def test_student_repository_holds_no_solution_wrong_answer_or_hidden_test(tmp_path: Path) -> None:
    said = tool("student_repo", "--to", str(tmp_path / "students"))
    assert said.returncode == 0, said.stderr
    files = {path.relative_to(tmp_path / "students") for path in (tmp_path / "students").rglob("*") if path.is_file()}
    for exercise in EXERCISES:
        assert Path("exercises/release", exercise, f"{exercise}.ipynb") in files
    assert {Path("dnnlib/check.py"), Path("chapters/01_perceptron.ipynb"), Path("pyproject.toml")} <= files
    assert [path for path in files if {"source", "wrong_answers", "tests", "records"} & set(path.parts)] == []
    lines = {path: lines_of(tmp_path / "students" / path) for path in files}
    for exercise in EXERCISES:
        secrets = secret_lines(exercise)
        wrong = {line.strip() for answer in support.answers(exercise) for line in answer.code.splitlines()[:1]}
        for path, found in lines.items():
            own = path.stem == exercise and path.parts[0] == "exercises"
            known = [line for line in secrets["hidden"] if own or len(line) > 40]
            known += secrets["solution"] if own else []
            assert found.isdisjoint(known), (path, found.intersection(known))
            assert found.isdisjoint(wrong), path


def lines_of(path: Path) -> set[str]:
    """The lines of a file; of a notebook, those of its cells."""
    if path.suffix == ".ipynb":
        everything = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    else:
        everything = path.read_text(errors="replace")
    return {line.strip() for line in everything.splitlines()}


def test_the_search_finds_a_secret_where_there_is_one() -> None:
    secrets = secret_lines("01_perceptron")
    found = lines_of(support.EXERCISES / "source" / "01_perceptron" / "01_perceptron.ipynb")
    assert found >= {*secrets["hidden"], *secrets["solution"]}


def test_student_repository_is_not_written_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("all my work")
    said = tool("student_repo", "--to", str(tmp_path))
    assert said.returncode == 1
    assert "holds something else; name an empty folder" in said.stderr
    assert os.listdir(tmp_path) == ["thesis.tex"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with solutions."""
    folder = tmp_path_factory.mktemp("solutions")
    said = tool("solutions", "--to", str(folder))
    assert said.returncode == 0, said.stdout[-3000:] + said.stderr[-3000:]
    return folder / "html" / "exercises" / "release"


def test_pages_show_solutions_and_pictures_and_no_hidden_test(pages: Path) -> None:
    for exercise in EXERCISES:
        page = (pages / exercise / f"{exercise}.html").read_text()
        shown = text(page)
        secrets = secret_lines(exercise)
        assert [line for line in secrets["hidden"] if len(line) > 30 and line in shown] == []
        code = [line for line in secrets["solution"] if line.isascii() and "$" not in line and "*" not in line]
        assert sum(line in shown for line in code) > 10, exercise
        assert "BEGIN SOLUTION" not in shown
        assert "NotImplementedError" not in shown.split("How to work")[1].split("What the letters")[1]
        assert re.search(r'<img alt="[^"]{40,}"', page), exercise
