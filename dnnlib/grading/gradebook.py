"""nbgrader's gradebook: the exercise goes in before grading, the points of one submission in one transaction."""

import contextlib
import datetime
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import SaveAutoGrades, SaveCells
from sqlalchemy.exc import SAWarning

from dnnlib.grading.course import Course, Record
from dnnlib.grading.exercise import Exercise
from dnnlib.grading.limits import GradingError


class _Shared(Gradebook):  # type: ignore[misc]
    """A gradebook that stays open at the end of a `with`."""

    def __exit__(self, *_: object) -> None:
        pass


class Grades:
    """An open gradebook, closed at the end of a `with`. Nothing is stored before the end of `with grades.at_once()`.

    Args:
        course: whose gradebook.

    Raises:
        GradingError: it cannot be opened.
    """

    def __init__(self, course: Course) -> None:
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
        self.course = course
        try:
            self.gradebook = _Shared(course.db_url, course.directory.course_id)
        except Exception as error:
            raise GradingError(f"the gradebook {course.db_url} cannot be opened: {str(error)[:300]}") from None

    def __enter__(self) -> "Grades":
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Everything inside is stored together, or nothing of it."""
        session = self.gradebook.db()
        store, session.commit = session.commit, session.flush
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)  # nbgrader counts on commits in between
                yield
            store()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.commit = store

    def enter_exercise(self, exercise: Exercise, notebook: nbformat.NotebookNode) -> None:
        """Put the exercise's cells into the gradebook, or bring them up to date.

        Raises:
            GradingError: cells were added or removed after submissions had been graded.
        """
        try:
            with self.at_once():
                self.gradebook.update_or_create_assignment(exercise.name)
                self.run(SaveCells(), notebook, self.resources(exercise.name))
        except RuntimeError as error:
            raise GradingError(f"{exercise.name}: {error}. Remove its submissions from the gradebook first.") from None

    def enter_student(self, student: str, facts: dict[str, str] | None = None) -> None:
        """Put a student into the gradebook."""
        self.gradebook.update_or_create_student(student, **(facts or {}))

    def enter_points(self, record: Record, notebook: nbformat.NotebookNode) -> None:
        """Store the points of a graded notebook. What a person gave stays, and is marked to be seen again.

        A test cell without a result (`None` in `record.cells`) has no points and waits for a person.
        """
        moment = datetime.datetime.fromisoformat(record.received).replace(tzinfo=None)
        with self.at_once():
            self.gradebook.update_or_create_student(record.student)
            self.gradebook.update_or_create_submission(record.exercise, record.student, timestamp=moment)
            self.run(SaveAutoGrades(), notebook, self.resources(record.exercise, record.student))
            for name, points in record.cells.items():
                if points is None:
                    grade = self.gradebook.find_grade(name, record.exercise, record.exercise, record.student)
                    grade.auto_score, grade.needs_manual_grade = None, True

    def scores(self, exercise: str) -> dict[str, list[Any]]:
        """Student -> nbgrader's grades, one for each cell with points."""
        return {
            submission.student.id: [grade for notebook in submission.notebooks for grade in notebook.grades]
            for submission in self.gradebook.assignment_submissions(exercise)
        }

    def waiting(self, exercise: str) -> dict[str, list[str]]:
        """Student -> the cells that a person has to look at before the grade is final."""
        return {
            student: sorted(cell.name for cell in cells if cell.score is None or cell.needs_manual_grade)
            for student, cells in self.scores(exercise).items()
        }

    def students(self) -> dict[str, Any]:
        """Student id -> nbgrader's student."""
        return {student.id: student for student in self.gradebook.students}

    def resources(self, exercise: str, student: str | None = None) -> dict[str, Any]:
        """What nbgrader's steps want to know."""
        named = {"notebook": exercise, "assignment": exercise, "student": student, "db_url": self.course.db_url}
        return {"nbgrader": named}

    def run(self, step: Any, notebook: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Run a step of nbgrader's with this gradebook; by itself it would open one of its own, and store in parts."""
        with patch.object(sys.modules[type(step).__module__], "Gradebook", lambda _: self.gradebook):
            done: tuple[Any, dict[str, Any]] = step.preprocess(notebook, resources)
            return done
