"""A small class for the tests, and a PostgreSQL server for its gradebook."""

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import exercise_support as support
import nbformat

from dnnlib.grading.course import Course

EXERCISE = "01_perceptron"
ANSWERS = {answer.name: answer for answer in support.answers(EXERCISE)}
WRONG = ["at_least_majority", "at_least_visible_only", "full_adder_sum_alone", "add_plain", "train_sign", "bound_axis"]
RIGHT = ["different_add", "different_train"]
CLASS = {name: ANSWERS[name].breaks for name in WRONG + RIGHT} | {"reference": "nothing", "stub": "everything"}


def hand_in(folder: Path) -> Path:
    """Write the notebooks of the class into a folder, with one file that is none."""
    folder.mkdir(parents=True)
    for name in WRONG + RIGHT:
        made = support.submit(EXERCISE, {ANSWERS[name].cell: ANSWERS[name].code})
        (folder / f"{name}.ipynb").write_text(nbformat.writes(made))
    (folder / "reference.ipynb").write_text(nbformat.writes(support.submit(EXERCISE, {})))
    (folder / "stub.ipynb").write_text(nbformat.writes(support.read("release", EXERCISE)))
    (folder / "broken.ipynb").write_text("{")
    return folder


def grades_of(course: Course) -> dict[str, dict[str, float | None]]:
    """Student -> points that the tests gave, by cell, as the gradebook has them."""
    found = support.scores(course, EXERCISE)
    return {student: {name: points for name, (points, _, _) in cells.items()} for student, cells in found.items()}


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database of a PostgreSQL server that ends with the block."""
    places = [os.environ["PATH"], *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    path = os.pathsep.join(places)
    programs = {name: shutil.which(name, path=path) for name in ("initdb", "pg_ctl", "createdb")}
    missing = [name for name, found in programs.items() if found is None]
    assert not missing, f"PostgreSQL's {missing} are not installed: apt-get install postgresql"
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        user: str | None = None
        if os.geteuid() == 0:  # it does not run as root
            user = "postgres"
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data = f"{folder}/data"

        def run(name: str, *words: str) -> None:
            subprocess.run([programs[name], *words], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

        run("initdb", "-D", data, "-U", "grader", "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {folder}"
        run("pg_ctl", "-D", data, "-o", options, "-w", "-l", f"{folder}/log", "start")
        try:
            run("createdb", "-h", folder, "-U", "grader", "grades")
            yield f"postgresql://grader@/grades?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
