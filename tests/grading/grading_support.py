"""A course for the tests of the grader, hostile submissions, and what became of them."""

import dataclasses
import json
import os
import random
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import broken
import exercise_support as exercises
import nbformat
import psutil
from nbformat import NotebookNode

from dnnlib.grading.autograde import autograde
from dnnlib.grading.course import Course, Record
from dnnlib.grading.feedback import feedback
from dnnlib.grading.handin import intake
from dnnlib.grading.limits import Limits

EXERCISE = "01_perceptron"
HOSTILE = Path(__file__).with_name("hostile")
REPOSITORY = Path(__file__).resolve().parents[2]
HEADER = re.compile(r'"""cell (\w+): (.+)"""\n((?:# \w+: .+\n)*)')
PAGES = ["neighbour", "script_tags", "scripts_in_text", "output_forged", "odd_characters"]  # each takes half a second
POINTS = {
    "test_half_plane": 10.0,
    "test_at_least": 15.0,
    "test_full_adder": 15.0,
    "test_add": 15.0,
    "test_train": 20.0,
    "test_mistake_bound": 10.0,
}
LIMITS = Limits(
    cell_seconds=3,
    call_seconds=2,
    total_seconds=40,
    memory=700 << 20,
    disk=32 << 20,
    output=200_000 + os.getpid() % 100_000,  # also the mark by which the processes of this run are known
    message=8 << 20,
)


@dataclasses.dataclass(frozen=True)
class Case:
    """A hostile cell: where it stands, and what must hold afterwards.

    Args:
        name: of the file, and of the student who hands it in.
        cell: the solution cell that it replaces; "top" or "end" for one that is added.
        code: the cell.
        loses: the test cells that it earns nothing for.
        sign: one of these texts stands in the outputs, or the attack did not happen.
        says: a text that stands there too.
        status: how the submission may end.
    """

    name: str
    cell: str
    code: str
    loses: frozenset[str]
    sign: tuple[str, ...]
    says: str
    status: tuple[str, ...]


def cases() -> list[Case]:
    """The files in hostile/. The first line of each names its cell, comments below it what must hold."""
    return [_case(path) for path in sorted(HOSTILE.glob("*.py"))]


def _case(path: Path) -> Case:
    code = path.read_text()
    header = HEADER.match(code)
    assert header, f'{path.name} does not begin with """cell NAME: what it tries."""'
    facts = dict(line[2:].split(": ", 1) for line in header[3].splitlines())
    own = f"test_{header[1]}" if header[1] not in ("top", "end") else "nothing"
    loses = facts.get("loses", own)
    lost = {"everything": set(POINTS), "nothing": set()}.get(loses, set(loses.split()))
    sign = tuple(facts.get("sign", "attack").split("|"))
    status = tuple(facts.get("status", "graded").split("|"))
    return Case(path.stem, header[1], code, frozenset(lost), sign, facts.get("says", ""), status)


def notebook(cell: str = "", code: str = "") -> NotebookNode:
    """The reference as a submission, with a cell replaced or added."""
    if cell in ("top", "end"):
        made = exercises.submit(EXERCISE, {})
        made.cells.insert(0 if cell == "top" else len(made.cells), nbformat.v4.new_code_cell(code))
        return made
    return exercises.submit(EXERCISE, {cell: code} if cell else {})


@dataclasses.dataclass
class Batch:
    """A class that has been graded, and the traps that were set up for it."""

    course: Course
    records: dict[str, Record]
    scores: dict[str, dict[str, list[Any]]]
    token: str
    before: dict[Path, bytes]
    visitors: list[str]
    left_over: list[str]
    outside: set[Path]
    children: set[int]

    def autograded(self, student: str) -> NotebookNode:
        """A student's graded notebook."""
        return nbformat.read(self.course.notebook("autograded", student, EXERCISE), as_version=4)

    def page(self, student: str) -> str:
        """A student's feedback, if it was made."""
        if student not in PAGES:
            return ""
        return self.course.notebook("feedback", student, EXERCISE, ".html").read_text()

    def shown(self, student: str) -> str:
        """All outputs in a student's graded notebook, as text."""
        return "\n".join(
            json.dumps(cell.get("outputs", []), ensure_ascii=False) for cell in self.autograded(student).cells
        )

    def lost(self, student: str) -> dict[str, float]:
        """What the tests took away: points by test cell."""
        cells = self.records[student].cells
        return {name: points - (cells.get(name) or 0) for name, points in POINTS.items() if cells.get(name) != points}


def new_course(folder: Path) -> Course:
    """A course with a copy of the source of one exercise."""
    folder.mkdir(parents=True)
    settings = f'c = get_config()\nc.CourseDirectory.root = "{folder}"\nc.CourseDirectory.course_id = "tests"\n'
    (folder / "nbgrader_config.py").write_text(settings)
    shutil.copytree(exercises.EXERCISES / "source" / EXERCISE, folder / "source" / EXERCISE)
    return Course(folder)


def grade(folder: Path, submissions: dict[str, NotebookNode | str], **options: Any) -> Course:
    """Hand in, grade, and write feedback."""
    course = new_course(folder / "class")
    handed_in = folder / "handed_in"
    handed_in.mkdir()
    for student, made in submissions.items():
        text = made if isinstance(made, str) else nbformat.writes(made)
        (handed_in / f"{student}.ipynb").write_text(text)
    intake(course, EXERCISE, handed_in)
    autograde(course, EXERCISE, limits=options.pop("limits", LIMITS), workers=2, **options)
    feedback(course, EXERCISE)
    return course


def grade_hostile_class(folder: Path) -> Batch:
    """Grade all hostile and broken submissions and their honest neighbours at once, with traps around them."""
    course = new_course(folder / "class")
    token = f"token{random.SystemRandom().getrandbits(64):x}"
    set_canaries(course, token)
    handed_in = folder / "handed_in"
    handed_in.mkdir()
    with visitors(course.root / "socket", token) as (port, visited):
        places = {
            "COURSE": str(course.root),
            "REPOSITORY": str(REPOSITORY),
            "PLACES": "/home /root /srv /mnt /media /opt /var /tmp /run",
            "PORT": str(port),
            "ADDRESS": own_address(),
            "NEARLY": str(0.5 * LIMITS.call_seconds),
            "TOKEN": str(LIMITS.output * 1000),
        }
        for case in cases():
            code = case.code.replace("@ME@", case.name)
            for name, value in places.items():
                code = code.replace(f"@{name}@", value)
            nbformat.write(notebook(case.cell, code), handed_in / f"{case.name}.ipynb")
        for student, made in honest().items():
            nbformat.write(made, handed_in / f"{student}.ipynb")
        for make in broken.ALL:
            make(handed_in)
        before = {path: path.read_bytes() for path in canaries(course)}
        children = {process.pid for process in psutil.Process().children(recursive=True)}
        os.environ["SECRET"] = token
        try:
            intake(course, EXERCISE, handed_in)
            records = autograde(course, EXERCISE, limits=LIMITS, workers=2)
            feedback(course, EXERCISE, PAGES)
        finally:
            del os.environ["SECRET"]
            subprocess.run(["rm", "-rf", str(handed_in)], check=True)  # some folders are too deep for Python
    found = {record.student: record for record in records}
    return Batch(
        course,
        found,
        exercises.scores(course, EXERCISE),
        token,
        before,
        visited,
        left_over(),
        files(folder),
        children,
    )


def honest() -> dict[str, NotebookNode]:
    """Neighbours who do nothing special: the reference, right in another way, wrong in one task, nothing done."""
    made = {"neighbour": notebook(), "neighbour_stub": exercises.read("release", EXERCISE)}
    wanted = [answer for answer in exercises.answers(EXERCISE) if answer.breaks != "nothing"]
    by_cell = {answer.cell: answer for answer in wanted}
    made |= {f"neighbour_{answer.name}": notebook(answer.cell, answer.code) for answer in by_cell.values()}
    return made


def set_canaries(course: Course, token: str) -> None:
    """Put a secret next to, above and into everything that nobody may read."""
    for name in [
        "secret.txt",
        "gradebook.txt",
        f"source/{EXERCISE}/secret.txt",
        f"submitted/other/{EXERCISE}/secret.txt",
        f"autograded/other/{EXERCISE}/{EXERCISE}.ipynb",
        f"autograded/read_own_autograded/{EXERCISE}/secret.txt",
    ]:
        path = course.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(token)
    path = course.root / "source" / EXERCISE / f"{EXERCISE}.ipynb"
    source = nbformat.read(path, as_version=4)
    source.metadata["secret"] = token
    nbformat.write(source, path)


def canaries(course: Course) -> list[Path]:
    """The files that must be as before."""
    paths = [path for path in course.root.rglob("*") if path.is_file()]
    return [*paths, *(REPOSITORY / "dnnlib" / "grading").glob("*.py")]


def files(folder: Path) -> set[Path]:
    """All files that lie in the folder of the class now, outside of what grading writes."""
    made = ("submitted", "autograded", "feedback", "records")
    return {path for path in (folder / "class").rglob("*") if path.relative_to(folder / "class").parts[0] not in made}


@contextmanager
def visitors(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Listen on a TCP port, a socket file and an abstract socket, and note who comes."""
    listening = [socket.create_server(("0.0.0.0", 0)), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
    listening[1].bind(str(path) if len(str(path)) < 100 else f"\0{name}-path")
    listening[2].bind(f"\0{LIMITS.output * 1000}")
    came: list[str] = []
    over = threading.Event()

    def wait(sock: socket.socket) -> None:
        sock.settimeout(0.1)
        while not over.is_set():
            try:
                sock.accept()[0].close()
                came.append(str(sock.getsockname()))
            except TimeoutError:
                pass

    threads = [threading.Thread(target=wait, args=(sock,)) for sock in listening]
    for sock, thread in zip(listening, threads, strict=True):
        sock.listen()
        thread.start()
    try:
        yield listening[0].getsockname()[1], came
    finally:
        over.set()
        for sock, thread in zip(listening, threads, strict=True):
            thread.join()
            sock.close()


def own_address() -> str:
    """An address of this machine that is not the loopback's, if there is one."""
    found = [
        address for group in psutil.net_if_addrs().values() for address in group if address.family == socket.AF_INET
    ]
    return next((address.address for address in found if not address.address.startswith("127.")), "127.0.0.1")


def left_over() -> list[str]:
    """Processes of the boxes of this run that still live."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = " ".join(process.info["cmdline"] or [])
        if f'"output": {LIMITS.output}' in command or f"sleep {LIMITS.output * 1000}" in command:
            found.append(command)
    return found
