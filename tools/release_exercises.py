"""Make exercises/release from exercises/source: the notebooks without solutions, hidden tests and outputs.

nbgrader does the work, without its gradebook. The same source always gives the same bytes.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from traitlets.config.loader import PyFileConfigLoader

COURSE = Path(__file__).resolve().parents[1] / "exercises"


def main() -> None:
    """Release every exercise of a folder, or none if one of them cannot be released."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--source", type=Path, default=COURSE / "source", help="folder of the sources")
    parser.add_argument("--to", type=Path, default=COURSE / "release", help="folder to write")
    options = parser.parse_args()

    names = sorted({path.parent.name for path in options.source.glob("*/*.ipynb")})
    if not names:
        sys.exit(f"release_exercises: there is no exercise in {options.source}")
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder)
        for name in names:
            generate(name, options.source.resolve(), new)
        for name in names:
            install(new / name, options.to / name)
    for path in sorted(options.to.iterdir()):
        if path.name not in names:
            print(f"{os.path.relpath(path)}: has no source any more, please remove it")


def generate(name: str, source: Path, new: Path) -> None:
    """Let nbgrader write NEW/NAME and normalise its notebooks. Exit with one message if nbgrader refuses."""
    config = PyFileConfigLoader(str(COURSE / "nbgrader_config.py")).load_config()
    config.CourseDirectory.source_directory = str(source)
    config.CourseDirectory.release_directory = str(new)
    config.CourseDirectory.assignment_id = name
    config.GenerateAssignment.no_database = True
    config.SaveCells.enabled = False
    course = CourseDirectory(config=config)
    result: dict[str, Any] = capture_log(GenerateAssignment(coursedir=course, config=config))
    if not result["success"]:
        log = result.get("log", "") + result["error"]
        reasons = re.findall(r"^ *[\w.]+(?:Error|Exception): (.+)", log, re.MULTILINE)
        sys.exit(f"release_exercises: exercise {name} cannot be released: {reasons[0] if reasons else log}")
    for path in (new / name).glob("*.ipynb"):
        normalise(path)


def normalise(path: Path) -> None:
    """Keep of the notebook's own metadata what a kernel needs, and write it in nbformat's standard form."""
    notebook = nbformat.read(path, as_version=4)
    kernel = notebook.metadata.get("kernelspec", {"display_name": "Python 3", "language": "python", "name": "python3"})
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(notebook, path)


def install(new: Path, target: Path) -> None:
    """Replace the folder `target` by `new`, and print for each file what happened to it."""
    before = {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(new, target)
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        same = before.get(path.relative_to(target)) == path.read_bytes()
        print(f"{os.path.relpath(path)}: {'unchanged' if same else 'written'}")


if __name__ == "__main__":
    main()
