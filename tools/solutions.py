"""Build the site with solutions: the pages that an instructor publishes after the deadline.

It is the book, with the solved notebook in the place of each released one. Hidden tests stay hidden.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from dnnlib.grading.solved import solved

ROOT = Path(__file__).resolve().parents[1]
PARTS = ["_config.yml", "_toc.yml", "_static", "_templates", "index.md", "references.bib", "chapters", "reference"]
PARTS += ["exercises", "tools"]


def main() -> None:
    """Copy the book, put the solutions in, and build it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--source", type=Path, default=ROOT / "exercises" / "source", help="folder of the sources")
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "solutions", help="folder to write")
    options = parser.parse_args()
    book = options.to / "book"
    shutil.rmtree(options.to, ignore_errors=True)
    hidden = shutil.ignore_patterns("source", "wrong_answers", "submitted", "autograded", "feedback", "*.db", ".*")
    for part in PARTS:
        target = book / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target, ignore=hidden)
        else:
            shutil.copy2(ROOT / part, target)
    for path in sorted((book / "exercises" / "release").glob("*/*.ipynb")):
        nbformat.write(solved(options.source / path.stem / path.name), path)
    command = [
        str(Path(sys.executable).with_name("jupyter-book")),
        "build",
        "-q",
        "-W",
        "-n",
        "--keep-going",
        str(book),
    ]
    if subprocess.run(command).returncode:
        sys.exit("solutions: the pages were not built")
    shutil.move(book / "_build" / "html", options.to / "html")
    shutil.rmtree(book)
    print(f"The pages: {options.to / 'html' / 'exercises' / 'index.html'}")


if __name__ == "__main__":
    main()
