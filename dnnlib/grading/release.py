"""Make the notebooks that students get: without solutions, hidden tests and outputs.

nbgrader does the work. The same source always gives the same bytes.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log

from dnnlib.grading.course import Course
from dnnlib.grading.limits import GradingError


def release(course: Course, names: list[str]) -> list[tuple[Path, bool]]:
    """Release exercises, all of a course if no name is given, and return each file with whether it has changed.

    Nothing is written if one of them cannot be released.

    Raises:
        GradingError: an exercise is missing, or nbgrader refuses it.
    """
    names = names or sorted({path.parent.name for path in course.folder("source").glob("*/*.ipynb")})
    if not names:
        raise GradingError(f"there is no exercise in {course.folder('source')}")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            course.exercise(name)
            _generate(course, name, Path(folder))
        return [
            file for name in names for file in _install(Path(folder) / name, course.folder("release", exercise=name))
        ]


def _generate(course: Course, name: str, new: Path) -> None:
    config = course.config.copy()
    config.CourseDirectory.release_directory = str(new)
    config.CourseDirectory.assignment_id = name
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    result: dict[str, Any] = capture_log(GenerateAssignment(coursedir=CourseDirectory(config=config), config=config))
    if not result["success"]:
        log = result.get("log", "") + result["error"]
        reasons = re.findall(r"^ *[\w.]+(?:Error|Exception): (.+)", log, re.MULTILINE)
        raise GradingError(f"exercise {name} cannot be released: {reasons[0] if reasons else log}")
    for path in (new / name).glob("*.ipynb"):
        _normalise(path)


def _normalise(path: Path) -> None:
    """Keep of the notebook's own metadata what a kernel needs, and write it in nbformat's standard form."""
    notebook = nbformat.read(path, as_version=4)
    kernel = notebook.metadata.get("kernelspec", {"display_name": "Python 3", "language": "python", "name": "python3"})
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(notebook, path)


def _install(new: Path, target: Path) -> list[tuple[Path, bool]]:
    """Replace the folder `target` by `new`."""
    before = {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(new, target)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    return [(path, before.get(path.relative_to(target)) != path.read_bytes()) for path in files]
