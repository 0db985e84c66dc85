"""A course on disk: nbgrader's folders and settings, and a record of what happened to every submission."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from dnnlib.grading import exercise as exercises
from dnnlib.grading.exercise import Exercise
from dnnlib.grading.limits import GradingError

STUDENT = re.compile(r"[\w.@-][\w.@ -]{0,98}[\w.@-]|[\w@-]")
RECEIVED, GRADED, REFUSED, LOOK = "received", "graded", "refused", "to be looked at"


@dataclass
class Record:
    """What happened to one submission.

    Args:
        student: nbgrader's student id.
        exercise: the name of the exercise.
        status: "received", "graded", "refused" or "to be looked at".
        reason: why it is refused or has to be looked at.
        notes: what intake and grading changed or noticed.
        received: when intake first saw these bytes, ISO 8601 in UTC. Nothing that the student sends sets it.
        sha256: of the file as it was handed in.
        graded: the digest of the exercise that it was graded with; "" before.
        cells: points by test cell; None where no test could be run.
    """

    student: str
    exercise: str
    status: str
    reason: str = ""
    notes: list[str] = field(default_factory=list)
    received: str = ""
    sha256: str = ""
    graded: str = ""
    cells: dict[str, float | None] = field(default_factory=dict)


class Course:
    """The course whose `nbgrader_config.py` lies in `folder`.

    Args:
        folder: where the settings are.
        source: another place for the sources, for instance a private one.
        db: another gradebook, a URL as SQLAlchemy writes it.

    Raises:
        GradingError: there are no settings in the folder.
    """

    def __init__(self, folder: Path, source: Path | None = None, db: str | None = None) -> None:
        settings = folder / "nbgrader_config.py"
        if not settings.is_file():
            raise GradingError(f"{folder} is no course: it has no nbgrader_config.py. Name the folder with --course.")
        self.config: Config = PyFileConfigLoader(settings.name, path=str(folder.resolve())).load_config()
        if "root" not in self.config.CourseDirectory:
            self.config.CourseDirectory.root = str(folder.resolve())
        if source is not None:
            self.config.CourseDirectory.source_directory = str(source.resolve())
        if db is not None:
            self.config.CourseDirectory.db_url = db
        self.directory = CourseDirectory(config=self.config)
        self.root = Path(self.directory.root)

    @property
    def db_url(self) -> str:
        """Where the gradebook is."""
        return str(self.directory.db_url)

    def folder(self, step: str, student: str = "", exercise: str = "") -> Path:
        """A folder of a step: "source", "release", "submitted", "autograded" or "feedback"."""
        return self.root / getattr(self.directory, f"{step}_directory") / student / exercise

    def notebook(self, step: str, student: str, exercise: str, suffix: str = ".ipynb") -> Path:
        """A student's notebook at a step."""
        return self.folder(step, student, exercise) / f"{exercise}{suffix}"

    def exercise(self, name: str) -> Exercise:
        """Read the source of an exercise.

        Raises:
            GradingError: there is none, or it cannot be released.
        """
        path = self.folder("source", exercise=name) / f"{name}.ipynb"
        if not path.is_file():
            known = sorted(path.parent.name for path in self.folder("source").glob("*/*.ipynb"))
            raise GradingError(f"there is no exercise {name} in {self.folder('source')}; there are: {', '.join(known)}")
        return exercises.load(path)

    def record_path(self, exercise: str, student: str) -> Path:
        """Where the record of a submission lies."""
        return self.root / "records" / exercise / f"{student}.json"

    def records(self, exercise: str) -> list[Record]:
        """All records of an exercise, by student."""
        return list(self._records(exercise))

    def record(self, exercise: str, student: str) -> Record | None:
        """The record of one submission, if there is one."""
        path = self.record_path(exercise, student)
        return Record(**json.loads(path.read_text())) if path.exists() else None

    def save(self, record: Record) -> None:
        """Write a record; a reader sees the old one or the new one, never half of it."""
        write(self.record_path(record.exercise, record.student), json.dumps(asdict(record), indent=1) + "\n")

    def _records(self, exercise: str) -> Iterator[Record]:
        for path in sorted((self.root / "records" / exercise).glob("*.json")):
            yield Record(**json.loads(path.read_text()))


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        file.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def is_student(name: str) -> bool:
    """Whether a name can be a student's id: letters, digits, `.`, `_`, `@`, `-` and inner spaces, not a path."""
    return bool(STUDENT.fullmatch(name)) and set(name) != {"."}
