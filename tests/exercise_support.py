"""Make submissions of an exercise, and grade them as a class is graded."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from dnnlib.grading.autograde import autograde
from dnnlib.grading.course import Course
from dnnlib.grading.feedback import feedback
from dnnlib.grading.gradebook import Grades
from dnnlib.grading.handin import intake

EXERCISES = Path(__file__).resolve().parents[1] / "exercises"
HEADER = re.compile(r'"""cell (\w+), breaks (\w+): (.+)"""\n')
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)
SOLUTION = re.compile(r"^ *### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """A solution cell as a student might write it, and the test cell (or "nothing") that it fails."""

    name: str
    cell: str
    breaks: str
    code: str


def answers(exercise: str) -> list[Answer]:
    """The answers in wrong_answers/EXERCISE. The first line of each file names its cell and what it breaks."""
    found = []
    for path in sorted((EXERCISES / "wrong_answers" / exercise).glob("*.py")):
        code = path.read_text()
        header = HEADER.match(code)
        assert header, f'{path.name} does not begin with """cell NAME, breaks NAME: what is wrong."""'
        found.append(Answer(path.stem, header[1], header[2], code))
    return found


def read(kind: str, exercise: str) -> NotebookNode:
    """The notebook of an exercise; `kind` is "source" or "release"."""
    return nbformat.read(EXERCISES / kind / exercise / f"{exercise}.ipynb", as_version=4)


def graded(notebook: NotebookNode, *, by_hand: bool = False) -> dict[str, NotebookNode]:
    """The cells with points, by grade id: those with tests, or those that a person grades."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "points" in nbgrader(cell)}
    return {name: cell for name, cell in cells.items() if nbgrader(cell)["solution"] == by_hand}


def solutions(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that a student fills in, by grade id."""
    cells = [cell for cell in notebook.cells if nbgrader(cell).get("solution")]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def nbgrader(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    return cell.metadata.get("nbgrader", {})


def submit(exercise: str, replaced: dict[str, str], *, demonstrations: bool = False) -> NotebookNode:
    """The release notebook, filled in with the reference solution except for the cells in `replaced`.

    The cells that nobody grades (the pictures, and what they import) are kept only with `demonstrations`: they would
    take most of the time.
    """
    notebook = read("release", exercise)
    reference = {name: cell.source for name, cell in solutions(read("source", exercise)).items()}
    for name, cell in solutions(notebook).items():
        cell.source = (reference | replaced)[name]
    if not demonstrations:
        notebook.cells = [cell for cell in notebook.cells if nbgrader(cell)]
    return notebook


def new_class(folder: Path) -> Course:
    """A course in a folder of its own, with the sources of this repository."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = EXERCISES / "nbgrader_config.py"
    lines = [f'load_subconfig("{settings}")', "c = get_config()", f'c.CourseDirectory.root = "{folder}"']
    (folder / "nbgrader_config.py").write_text("\n".join(lines) + "\n")
    return Course(folder)


def grade(exercise: str, submissions: dict[str, str], pages: Collection[str], folder: Path) -> dict[str, Any]:
    """Take in and grade submissions (student -> text of the file), and make the feedback of some of them."""
    handed_in = folder / "handed_in"
    handed_in.mkdir(parents=True)
    for student, text in submissions.items():
        (handed_in / f"{student}.ipynb").write_text(text)
    course = new_class(folder / "class")
    intake(course, exercise, handed_in)
    records = autograde(course, exercise, workers=2)
    feedback(course, exercise, pages)
    return {
        "records": {record.student: asdict(record) for record in records},
        "autograded": _texts(course, "autograded"),
        "feedback": _texts(course, "feedback"),
        "scores": scores(course, exercise),
    }


def scores(course: Course, exercise: str) -> dict[str, dict[str, list[Any]]]:
    """The gradebook: student -> grade id -> points of the tests, points possible, whether a person has to look."""
    with Grades(course) as grades:
        return {
            student: {grade.name: [grade.auto_score, grade.max_score, grade.needs_manual_grade] for grade in found}
            for student, found in grades.scores(exercise).items()
        }


def _texts(course: Course, step: str) -> dict[str, str]:
    return {path.parts[-3]: path.read_text() for path in course.folder(step).glob("*/*/*.*")}
