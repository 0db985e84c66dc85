"""Make submissions of an exercise, grade them as a class is graded, or run the tests alone on other answers."""

import contextlib
import functools
import io
import itertools
import re
import warnings
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode

from dnnlib.grading.autograde import autograde
from dnnlib.grading.course import Course
from dnnlib.grading.feedback import feedback
from dnnlib.grading.gradebook import Grades
from dnnlib.grading.handin import intake
from dnnlib.grading.judge import time_limit

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

    @property
    def looks_right(self) -> bool:
        """Whether it passes the visible tests, so that only the hidden ones find it."""
        return self.name.endswith("_visible_only")


def answers(exercise: str) -> list[Answer]:
    """The answers in wrong_answers/EXERCISE. The first line of each file names its cell and what it breaks."""
    found = []
    for path in sorted((EXERCISES / "wrong_answers" / exercise).glob("*.py")):
        code = path.read_text()
        header = HEADER.match(code)
        assert header, f'{path.name} does not begin with """cell NAME, breaks NAME: what is wrong."""'
        found.append(Answer(path.stem, header[1], header[2], code))
    return found


def wrong_answers(exercise: str) -> list[Answer]:
    """The answers that break something."""
    return [answer for answer in answers(exercise) if answer.breaks != "nothing"]


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


def stubs(exercise: str) -> dict[str, str]:
    """The cells that a student fills in, as they are released, by grade id."""
    return {name: cell.source for name, cell in solutions(read("release", exercise)).items()}


@functools.cache
def submissions(exercise: str) -> dict[str, NotebookNode]:
    """All notebooks that are handed in, by the name of the student."""
    made = {
        student: submit(exercise, {answer.cell: answer.code for answer in together})
        for student, together in joint(exercise).items()
    }
    different = {answer.cell: answer.code for answer in answers(exercise) if answer.breaks == "nothing"}
    made["reference"] = submit(exercise, {}, demonstrations=True)
    made["stub"] = read("release", exercise)
    made["different"] = submit(exercise, different)  # all of them at once, and a test cell is lost
    made["different"].cells.remove(next(iter(graded(made["different"]).values())))
    made["tampered"] = submit(exercise, stubs(exercise))
    for cell in graded(made["tampered"]).values():
        cell.source = "pass"
    return made


def joint(exercise: str) -> dict[str, list[Answer]]:
    """The wrong answers, put together: a submission has one in every second cell, and the reference in the others.

    What each does alone, `failed_tests` says. Together they also go through the grader, in a third of the submissions
    that it would take to hand in each by itself. Those that look right come first.
    """
    tests = list(graded(read("source", exercise)))
    wrong = sorted(wrong_answers(exercise), key=lambda answer: not answer.looks_right)
    made = {}
    for half in (0, 1):
        columns = [[answer for answer in wrong if answer.breaks == test] for test in tests[half::2]]
        for number, row in enumerate(itertools.zip_longest(*columns)):
            made[f"wrong-{half}-{number}"] = [answer for answer in row if answer]
    return made


def with_feedback(exercise: str) -> dict[str, list[Answer]]:
    """The joint submissions whose feedback is looked at: two wrong answers a test, first those that look right."""
    return {student: together for student, together in joint(exercise).items() if student.endswith(("-0", "-1"))}


def failed_tests(exercise: str, replaced: dict[str, str]) -> set[str]:
    """The tests that the reference fails with the code of some cells replaced: run here, with no grader between.

    All cells run before all tests, and a test meets what was defined at its place in the notebook, as in the grader.
    """
    notebook = read("source", exercise)
    tests = graded(notebook)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    met: dict[str, dict[str, Any]] = {}
    with np.errstate(), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), time_limit(60):
        warnings.simplefilter("ignore")
        for cell in notebook.cells:
            name = nbgrader(cell).get("grade_id")
            if name in tests:
                met[name] = dict(namespace)
            elif cell.cell_type == "code" and name:
                exec(replaced.get(name, cell.source), namespace)
        return {name for name, cell in tests.items() if not _passes(cell.source, met[name])}


def _passes(test: str, namespace: dict[str, Any]) -> bool:
    try:
        exec(test, namespace)
    except TimeoutError:
        raise
    except Exception:
        return False
    return True


def new_class(folder: Path) -> Course:
    """A course in a folder of its own, with the sources of this repository."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = EXERCISES / "nbgrader_config.py"
    lines = [f'load_subconfig("{settings}")', "c = get_config()", f'c.CourseDirectory.root = "{folder}"']
    (folder / "nbgrader_config.py").write_text("\n".join(lines) + "\n")
    return Course(folder)


def grade(
    course: Course, exercise: str, submissions: dict[str, str], pages: Collection[str], folder: Path
) -> dict[str, Any]:
    """Take in and grade submissions (student -> text of the file), and make the feedback of some of them.

    The files are handed in through `folder`, which is made.
    """
    folder.mkdir()
    for student, text in submissions.items():
        (folder / f"{student}.ipynb").write_text(text)
    intake(course, exercise, folder)
    records = autograde(course, exercise, workers=2)
    feedback(course, exercise, pages)
    return {
        "records": {record.student: asdict(record) for record in records},
        "autograded": _texts(course, "autograded", exercise),
        "feedback": _texts(course, "feedback", exercise),
        "scores": scores(course, exercise),
    }


def scores(course: Course, exercise: str) -> dict[str, dict[str, list[Any]]]:
    """The gradebook: student -> grade id -> points of the tests, points possible, whether a person has to look."""
    with Grades(course) as grades:
        return {
            student: {grade.name: [grade.auto_score, grade.max_score, grade.needs_manual_grade] for grade in found}
            for student, found in grades.scores(exercise).items()
        }


def _texts(course: Course, step: str, exercise: str) -> dict[str, str]:
    return {path.parts[-3]: path.read_text() for path in course.folder(step).glob(f"*/{exercise}/*.*")}
