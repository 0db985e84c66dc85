"""Grades as CSV, in the columns that the usual course systems read."""

import csv
import io
from pathlib import Path

from dnnlib.grading.course import GRADED, LOOK, Course, Record
from dnnlib.grading.gradebook import Grades
from dnnlib.grading.limits import GradingError

ROSTER = ("id", "last_name", "first_name", "email")
SYSTEMS = ("table", "moodle", "canvas", "blackboard")


def enter_roster(course: Course, path: Path) -> int:
    """Put the students of a CSV file with the columns id, last_name, first_name, email into the gradebook.

    Raises:
        GradingError: the file is missing, or lacks the column id.
    """
    if not path.is_file():
        raise GradingError(f"there is no roster {path}")
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if not rows or "id" not in rows[0]:
        raise GradingError(f"the roster {path} has no column `id`; expected the columns {', '.join(ROSTER)}")
    with Grades(course) as grades, grades.at_once():
        for row in rows:
            facts = {name: row[name] or "" for name in ROSTER[1:] if name in row}
            grades.gradebook.update_or_create_student(row["id"], **facts)
    return len(rows)


def totals(course: Course, name: str) -> dict[str, tuple[Record | None, float | None, float, list[str]]]:
    """Student -> record, points, points possible, and the cells that still wait for a person.

    The points are None as long as a cell waits, or if nothing was graded.

    Raises:
        GradingError: there is no such exercise, or the gradebook cannot be opened.
    """
    course.exercise(name)
    records = {record.student: record for record in course.records(name)}
    with Grades(course) as grades:
        graded = {record.student for record in records.values() if record.status in (GRADED, LOOK)}
        found = {student: cells for student, cells in grades.scores(name).items() if student in graded}
        unread = grades.waiting(name)
        most = sum(grade.max_score for grade in next(iter(found.values()), []))
        everyone = sorted({*records, *grades.students()})
        result = {}
        for student in everyone:
            cells = found.get(student, [])
            waiting = unread[student] if cells else []
            points = sum(cell.score or 0 for cell in cells) if cells and not waiting else None
            result[student] = records.get(student), points, most, waiting
    return result


def export(course: Course, name: str, system: str, column: str | None = None) -> str:
    """The grades of an exercise as CSV.

    A student whose work is not graded to the end has an empty field, never a 0.

    Args:
        course: the course.
        name: the exercise.
        system: "table" (all that is known), "moodle", "canvas" or "blackboard".
        column: the title of the column, where the course system wants its own.

    Raises:
        GradingError: the system is unknown.
    """
    if system not in SYSTEMS:
        raise GradingError(f"unknown course system {system!r}; expected one of {', '.join(SYSTEMS)}")
    found = totals(course, name)
    with Grades(course) as grades:
        people = {
            student: [person.last_name or "", person.first_name or "", person.email or ""]
            for student, person in grades.students().items()
        }
    most = next((points for _, _, points, _ in found.values() if points), 0)
    rows = _head(system, column or name, most)
    for student, (record, points, most, waiting) in found.items():
        last, first, email = people.get(student, ["", "", ""])
        given = "" if points is None else f"{points:g}"
        if system == "table":
            status = record.status if record else "not handed in"
            status = "waits for a person" if status == GRADED and waiting else status
            reason = record.reason if record else ""
            received = record.received if record else ""
            rows.append([student, last, first, email, name, given, f"{most:g}", status, reason, received])
        elif system == "moodle":
            rows.append([student, email, given])
        elif system == "canvas":
            rows.append([f"{last}, {first}" if last else student, "", "", student, "", given])
        else:
            rows.append([last, first, student, given])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[harmless(field) for field in row] for row in rows])
    return text.getvalue()


def _head(system: str, column: str, most: float) -> list[list[str]]:
    if system == "table":
        head = "student_id last_name first_name email exercise score max_score status reason received"
        return [head.split()]
    if system == "moodle":
        return [["ID number", "Email address", column]]
    if system == "canvas":
        titles = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
        return [titles, ["    Points Possible", "", "", "", "", f"{most:g}"]]
    return [["Last Name", "First Name", "Username", column]]


def harmless(field: str) -> str:
    """A field that no spreadsheet takes for a formula."""
    return f"'{field}" if field[:1] in "=+-@\t\r" and field[:1] else field
