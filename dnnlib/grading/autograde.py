"""Grade what was taken in: jobs go to judges side by side, points come back to one writer of the gradebook.

A judge gets a notebook and the tests, and nothing else: no gradebook, no folder, no other student. So it can run on
this machine or on another. Every submission is stored by itself, points first and its record last. A run that was
ended, at any moment and in any way, goes on where it stopped when the command is given again.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, as_completed

import nbformat
from tqdm.auto import tqdm

from dnnlib.grading.course import (
    GRADED,
    LOOK,
    RECEIVED,
    REFUSED,
    Course,
    Record,
    write,
)
from dnnlib.grading.exercise import Exercise
from dnnlib.grading.gradebook import Grades
from dnnlib.grading.handin import take_in
from dnnlib.grading.intake import Piece, Rebuilt, Refused, read, rebuild
from dnnlib.grading.job import job
from dnnlib.grading.limits import GradingError, Limits
from dnnlib.grading.pool import Verdict, judge_here, pool
from dnnlib.grading.walls import need_bubblewrap, shown


def autograde(
    course: Course,
    name: str,
    *,
    workers: int = 0,
    scheduler: str | None = None,
    trusted: bool = False,
    again: bool = False,
    limits: Limits | None = None,
) -> list[Record]:
    """Grade the submissions of an exercise that have not been graded yet, or not with its present tests.

    Args:
        course: the course.
        name: the exercise.
        workers: how many judges run side by side; 0 means one for each core.
        scheduler: the address of a Dask scheduler, whose workers judge instead.
        trusted: run the students' code without a box, with the rights of this process.
        again: grade all of them, also those that are graded.
        limits: what a submission may use.

    Raises:
        GradingError: no box can be made, the exercise or the gradebook is not there.
    """
    exercise = course.exercise(name)
    if not trusted:
        if scheduler is None:
            need_bubblewrap()
        _nothing_shown(course)
    _by_hand(course, exercise)
    waiting = [
        record
        for record in course.records(name)
        if record.status != REFUSED and (again or record.status == RECEIVED or record.graded != exercise.digest)
    ]
    with Grades(course) as grades:
        grades.enter_exercise(exercise, master(course, exercise))
        with pool(workers, scheduler) as executor:
            todo: dict[Future[Verdict], tuple[Record, Rebuilt]] = {}
            for record in waiting:
                rebuilt = _rebuilt(course, exercise, record)
                if rebuilt is not None:
                    work = job(exercise, rebuilt, limits or Limits(), trusted)
                    todo[executor.submit(judge_here, work)] = record, rebuilt
            for future in tqdm(as_completed(todo), total=len(todo), desc=name, unit="submission"):
                record, rebuilt = todo[future]
                try:
                    _store(course, exercise, grades, record, rebuilt, _verdict(future))
                except (ValueError, TypeError, KeyError) as error:
                    record.status, record.reason = LOOK, f"its grade cannot be stored: {type(error).__name__}: {error}"
                    course.save(record)
    return course.records(name)


def _nothing_shown(course: Course) -> None:
    """Make sure that no folder of the course lies in one that students' code can read."""
    for folder in (course.root, course.folder("source"), course.folder("submitted")):
        for place in shown():
            if folder.resolve().is_relative_to(place):
                raise GradingError(
                    f"the folder {folder} lies inside {place}, which students' code can read. Move it, for instance to "
                    "your home folder."
                )


def _by_hand(course: Course, exercise: Exercise) -> None:
    """Take in what was put into `submitted/` by hand."""
    for folder in sorted(course.folder("submitted").glob(f"*/{exercise.name}")):
        if course.record(exercise.name, folder.parent.name) is None:
            take_in(course, exercise, folder.parent.name, sorted(folder.glob("*.ipynb")))


def _rebuilt(course: Course, exercise: Exercise, record: Record) -> Rebuilt | None:
    """The submission as it is graded; None, and the record says why, if the file kept can no longer be read."""
    try:
        return rebuild(exercise, read(course.notebook("submitted", record.student, exercise.name)))
    except Refused as refusal:
        record.status, record.reason = LOOK, f"the file taken in cannot be read any more: {refusal}"
        course.save(record)
        return None


def master(course: Course, exercise: Exercise) -> nbformat.NotebookNode:
    """The notebook whose cells stand in the gradebook: as released, with the hidden tests."""
    path = course.folder("source", exercise=exercise.name) / f"{exercise.name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            own = exercise.cells[cell.metadata.nbgrader.grade_id]
            cell.source = own.released if own.kind in ("solution", "answer") else own.source
            cell.metadata.nbgrader = nbformat.from_dict(own.metadata)
    return notebook


def _verdict(future: Future[Verdict]) -> Verdict:
    try:
        return future.result()
    except Exception as error:
        return {"reason": f"the judge could not be asked: {type(error).__name__}: {error}"}


def _store(
    course: Course, exercise: Exercise, grades: Grades, record: Record, rebuilt: Rebuilt, verdict: Verdict
) -> None:
    """Write the graded notebook, then the points, then the record."""
    notebook, cells = graded_notebook(exercise, rebuilt, verdict)
    reasons = [verdict.get("broken") or verdict.get("reason") or "", *rebuilt.look]
    record.reason = "; ".join(filter(None, reasons))
    record.status = LOOK if record.reason else GRADED
    record.notes = [*rebuilt.notes, *verdict.get("faults", [])]
    record.graded, record.cells = exercise.digest, cells
    write(course.notebook("autograded", record.student, exercise.name), nbformat.writes(notebook))
    grades.enter_points(record, notebook)
    course.save(record)


def graded_notebook(
    exercise: Exercise, rebuilt: Rebuilt, verdict: Verdict
) -> tuple[nbformat.NotebookNode, dict[str, float | None]]:
    """The rebuilt notebook with what its cells put out and what the tests said, and the points of each test cell."""
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": exercise.kernelspec})
    cells: dict[str, float | None] = {}
    outputs, tests = verdict.get("outputs", {}), verdict.get("tests", {})
    for key, piece in enumerate(rebuilt.pieces):
        make = nbformat.v4.new_code_cell if piece.type == "code" else nbformat.v4.new_markdown_cell
        cell = make(piece.source if piece.type == "code" else harmless(piece), id=f"cell-{key}")
        if piece.cell is not None:
            cell.metadata["nbgrader"] = copy.deepcopy(piece.cell.metadata)
        if piece.type == "code":
            cell.execution_count = key + 1
            cell.outputs = [nbformat.from_dict(output) for output in outputs.get(str(key), [])]
        if piece.cell is not None and piece.cell.kind == "test":
            result = tests.get(str(key))
            cells[piece.cell.grade_id] = None if result is None else piece.cell.points * result["passed"]
            if result is None or not result["passed"]:
                told = result or {"name": "NotRun", "message": "this test could not be run"}
                line = f"{told['name']}: {told['message']}".removesuffix(": ")
                cell.outputs = [nbformat.v4.new_output("error", ename=told["name"], evalue=told["message"])]
                cell.outputs[0].traceback = [line]
        notebook.cells.append(cell)
    return notebook, cells


def harmless(piece: Piece) -> str:
    """Text whose HTML and whose links to scripts are shown and not obeyed, where the student wrote it."""
    if piece.cell is not None and piece.cell.kind in ("given", "test"):
        return piece.source
    text = re.sub(r"<(?=[A-Za-z/!?])", "< ", piece.source)  # a tag begins without a space after the <
    text = re.sub(r"&(?=#?\w+;?)", "&amp;", text)
    return re.sub(r"(?i)\b(javascript|vbscript|data)\s*:", r"\1 :", text)


def table(records: Iterable[Record]) -> str:
    """How many submissions ended in which way, and every one that was not simply graded."""
    found = list(records)
    count = Counter(record.status for record in found)
    lines = [", ".join(f"{count[status]} {status}" for status in (GRADED, RECEIVED, REFUSED, LOOK) if count[status])]
    lines += [f"  {record.student}: {record.status}: {record.reason}" for record in found if record.reason]
    return "\n".join(lines)
