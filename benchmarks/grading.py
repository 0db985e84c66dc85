"""Grade a class of 200 as stock nbgrader does and as we do, on the same notebooks in one run. `make bench-grading`.

Stock nbgrader grades in one process without a box, which is its fastest way. Ours runs with 2 workers, boxed and split.
Both grade whole notebooks with their pictures, as students hand them in, and take turns on a fifth of the class, 20
notebooks at a time.
Then all 200, without pictures, are graded by 1, 2 and 4 workers, in SQLite and in PostgreSQL: the grades must agree.
The result goes to `benchmarks/results/` with the date and the machine.
"""

import argparse
import datetime
import json
import logging
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import psutil

HERE = Path(__file__).parent
sys.path += [str(HERE.parent / "tests"), str(HERE.parent / "tests" / "grading")]

import exercise_support as support  # noqa: E402
from class_support import postgres  # noqa: E402
from run import machine  # noqa: E402

from dnnlib.grading.autograde import autograde  # noqa: E402
from dnnlib.grading.course import Course  # noqa: E402
from dnnlib.grading.gradebook import Grades  # noqa: E402
from dnnlib.grading.handin import intake  # noqa: E402

MIB = 1 << 20
BOUND_TIME, BOUND_MEMORY = 0.5, 400 * MIB
ROUNDS, SHARE = 2, 5  # turns, and every which student they grade


def main() -> None:
    """Measure, print a table, store it, and fail if a bound is broken or a grade differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--exercise", default="01_perceptron")
    parser.add_argument("--students", type=int, default=200)
    options = parser.parse_args()
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    os.environ.update(TQDM_DISABLE="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    logging.disable(logging.CRITICAL)
    work = {pictures: notebooks(options.exercise, options.students, pictures) for pictures in (True, False)}
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), options.exercise, work[True], work[False])
    on = machine(threads=1, packages=("nbgrader", "numpy", "matplotlib", "scikit-learn"))
    result |= {"date": datetime.date.today().isoformat(), "machine": on, "exercise": options.exercise}
    print(json.dumps(result, indent=1))
    path = HERE / "results" / f"{result['date']}-grading.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    broken = result["ratio"] > BOUND_TIME or result["memory_a_worker_mib"] > BOUND_MEMORY / MIB
    sys.exit(broken or not result["same_grades"])


def notebooks(exercise: str, students: int, pictures: bool) -> dict[str, str]:
    """The class: the reference, right and wrong answers in turn."""
    answers = support.answers(exercise)
    made = {}
    for number in range(students):
        answer = answers[number % len(answers)]
        replaced = {} if number % 5 == 0 else {answer.cell: answer.code}
        notebook = support.submit(exercise, replaced, demonstrations=pictures)
        made[f"student{number:03}"] = nbformat.writes(notebook)
    return made


def measure(folder: Path, exercise: str, work: dict[str, str], bare: dict[str, str]) -> dict[str, Any]:
    """Time and memory of both, and whether all ways of grading agree."""
    students = sorted(work)
    sample = students[::SHARE]
    stock, ours, peak = 0.0, 0.0, 0
    for round_ in range(ROUNDS):
        some = sample[round_::ROUNDS]
        if not some:
            continue
        stock += stock_nbgrader(folder / f"stock{round_}", exercise, {name: work[name] for name in some})
        course = take_in(folder / f"ours{round_}", exercise, {name: work[name] for name in some})
        with Memory() as memory:
            start = time.perf_counter()
            autograde(course, exercise, workers=2)
            ours += time.perf_counter() - start
        peak = max(peak, memory.peak)
    found, seconds = [], {}
    for name, workers in [("1 worker", 1), ("2 workers", 2), ("4 workers", 4), ("2 workers, PostgreSQL", 2)]:
        if "PostgreSQL" in name:
            with postgres() as url:
                found.append(timed(folder / name, exercise, bare, workers, seconds, name, url))
        else:
            found.append(timed(folder / name, exercise, bare, workers, seconds, name))
    return {
        "stock_seconds_a_submission": round(stock / len(sample), 2),
        "our_seconds_a_submission": round(ours / len(sample), 2),
        "ratio": round(ours / stock, 2),
        "turns": ROUNDS,
        "submissions_a_turn": len(sample) // ROUNDS,
        "memory_a_worker_mib": round(peak / MIB),
        "class_of": len(work),
        "seconds_a_class": seconds,
        "same_grades": all(grades == found[0] for grades in found) and len(found[0]) == len(work),
    }


def timed(
    folder: Path, exercise: str, work: dict[str, str], workers: int, seconds: dict[str, float], name: str, url: str = ""
) -> dict[str, dict[str, float | None]]:
    """Grade the class and return the points by student; every submission has to end as graded."""
    course = take_in(folder, exercise, work, url)
    start = time.perf_counter()
    records = autograde(course, exercise, workers=workers)
    seconds[name] = round(time.perf_counter() - start, 1)
    assert {record.status for record in records} == {"graded"}, [record for record in records if record.reason]
    with Grades(course) as grades:
        found = grades.scores(exercise)
        return {student: {cell.name: cell.auto_score for cell in cells} for student, cells in found.items()}


def take_in(folder: Path, exercise: str, work: dict[str, str], url: str = "") -> Course:
    """A course that has taken in these notebooks."""
    handed_in = folder / "handed_in"
    handed_in.mkdir(parents=True)
    for student, text in work.items():
        (handed_in / f"{student}.ipynb").write_text(text)
    course = Course(support.new_class(folder / "class").root, db=url or None)
    intake(course, exercise, handed_in)
    return course


def stock_nbgrader(folder: Path, exercise: str, work: dict[str, str]) -> float:
    """Seconds that nbgrader's own autograde takes in one process, without what it does once for a class."""
    from nbgrader.converters import Autograde, GenerateAssignment
    from nbgrader.coursedir import CourseDirectory

    for student, text in work.items():
        path = folder / "submitted" / student / exercise / f"{exercise}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    config = Course(support.EXERCISES).config
    config.CourseDirectory.assignment_id = exercise
    config.CourseDirectory.db_url = f"sqlite:///{folder / 'gradebook.db'}"
    for step in ["release", "submitted", "autograded"]:
        config.CourseDirectory[f"{step}_directory"] = str(folder / step)
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
    step = Autograde(coursedir=CourseDirectory(config=config), config=config)
    start = time.perf_counter()
    step.start()
    return time.perf_counter() - start


class Memory:
    """The largest sum of memory that one judge, its fork and its box hold together; shared pages count in part."""

    def __enter__(self) -> "Memory":
        self.peak, self.over = 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def watch(self) -> None:
        """Look ten times a second."""
        while not self.over.wait(0.1):
            for judge in psutil.Process().children():
                held = 0
                try:
                    for process in [judge, *judge.children(recursive=True)]:
                        held += process.memory_full_info().pss
                except psutil.Error:
                    continue
                self.peak = max(self.peak, held)


if __name__ == "__main__":
    main()
