"""Take in a folder of submissions: keep every file as it came, and record what became of it."""

import datetime
import os
from pathlib import Path
from typing import Any

from dnnlib.grading.course import LOOK, RECEIVED, REFUSED, Course, Record, digest, is_student, write
from dnnlib.grading.exercise import Exercise
from dnnlib.grading.intake import Refused, read, rebuild
from dnnlib.grading.limits import GradingError

LEVELS = 3


def intake(course: Course, name: str, folder: Path) -> list[Record]:
    """Take in a folder of submissions, `STUDENT/….ipynb` or `STUDENT.ipynb`, and return what became of each.

    The file is kept as it came, under `submitted/`. The time of a submission is the time at which these bytes were
    first taken in. A student whose file is refused keeps an earlier one that was accepted.

    Raises:
        GradingError: the folder or the exercise is missing.
    """
    exercise = course.exercise(name)
    records = []
    for student, files in submissions(folder).items():
        try:
            records.append(take_in(course, exercise, student, files))
        except (OSError, ValueError, RecursionError) as error:
            reason = f"it cannot be taken in: {type(error).__name__}: {error}"
            records.append(Record(student, exercise.name, LOOK, reason, received=_now()))
            course.save(records[-1])
    return records


def take_in(course: Course, exercise: Exercise, student: str, files: list[Path]) -> Record:
    """Take in one student's hand-in: keep the file, and record whether it can be graded.

    Args:
        course: the course.
        exercise: what was handed in.
        student: whose it is.
        files: what the hand-in holds.
    """
    now = _now()
    if not is_student(student):
        safe = f"unnamed-{digest(os.fsencode(student))[:8]}"
        reason = f"{student!r} is no student id: use letters, digits and . _ - @"
        record = Record(safe, exercise.name, REFUSED, reason, received=now)
        course.save(record)
        return record
    old = course.record(exercise.name, student)
    try:
        path = _only(files, exercise.name)
        data = read(path)
        if old is not None and old.sha256 == digest(data) and old.status != REFUSED:
            return old
        rebuilt = rebuild(exercise, data)
    except Refused as refusal:
        if old is None or old.status == REFUSED:
            record = Record(student, exercise.name, REFUSED, str(refusal), received=now)
        else:
            record = old
            record.notes = [*old.notes, f"a later file was refused, the earlier one counts: {refusal}"]
        course.save(record)
        return record
    record = Record(student, exercise.name, RECEIVED, notes=rebuilt.notes, received=now, sha256=digest(data))
    kept = course.notebook("submitted", student, exercise.name)
    if kept.resolve() != path.resolve():
        write(kept, data)
    course.save(record)
    return record


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _only(files: list[Path], name: str) -> Path:
    """The one file that is meant."""
    named = [path for path in files if path.name == f"{name}.ipynb"] or files
    if not named:
        raise Refused("the folder holds no notebook (.ipynb)")
    if len(named) > 1:
        raise Refused(f"the folder holds {len(named)} notebooks, and none or several are called {name}.ipynb")
    return named[0]


def submissions(folder: Path) -> dict[str, Any]:
    """Student -> the files that may be theirs, in a folder with `STUDENT/….ipynb` or `STUDENT.ipynb`.

    Raises:
        GradingError: the folder is missing or empty.
    """
    if not folder.is_dir():
        raise GradingError(f"there is no folder {folder}")
    found: dict[str, Any] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            found.setdefault(path.name, []).extend(sorted(_notebooks(path)))
        else:
            found.setdefault(path.stem, []).append(path)
    if not found:
        raise GradingError(f"the folder {folder} is empty: expected STUDENT.ipynb or STUDENT/NOTEBOOK.ipynb")
    return found


def _notebooks(folder: Path) -> list[Path]:
    """The notebooks in a folder, down to the third level."""
    found = []
    for place, inner, names in os.walk(folder):
        if len(Path(place).relative_to(folder).parts) >= LEVELS:
            inner.clear()
        found += [Path(place, name) for name in [*names, *inner] if name.endswith(".ipynb")]
    return found
