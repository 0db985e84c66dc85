"""Write the folder that an instructor publishes to students: chapters, library and exercises, and nothing that solves.

Only files that are in git are taken, and of those only what is named here, so a new secret folder stays at home.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WANTED = [
    "CITATION.cff",
    "LICENSE",
    "LICENSE-text.md",
    "binder/",
    "chapters/",
    "dnnlib/",
    "exercises/index.md",
    "exercises/release/",
    "pyproject.toml",
    "references.bib",
]
README = """# Deep Neural Networks, from the equations up: for students

- `chapters/`: the lectures as notebooks.
- `exercises/release/`: the exercises. `exercises/index.md` says how they work.
- `dnnlib/`: the library that the chapters use.

```
python3 -m venv .venv
.venv/bin/pip install -e '.[torch]' jupyterlab
.venv/bin/jupyter lab
```

Before you hand in an exercise, let its visible tests run from the top:

```
.venv/bin/python -m dnnlib.check exercises/release/01_perceptron/01_perceptron.ipynb
```
"""


def main() -> None:
    """Write the folder, whole or not at all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "student-repo", help="folder to write")
    target = parser.parse_args().to.resolve()
    if target.exists() and not (target / "exercises" / "release").is_dir() and any(target.iterdir()):
        sys.exit(f"student_repo: {target} holds something else; name an empty folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        new = Path(folder) / "new"
        for name in files():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, path)
        (new / "README.md").write_text(README)
        replace(target, new)
    print(f"{sum(len(names) for _, _, names in os.walk(target))} files in {target}")


def files() -> list[str]:
    """The files of the repository that students get."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wanted = re.compile("|".join(re.escape(name) + ("" if name.endswith("/") else "$") for name in WANTED))
    return [name for name in listed.split("\0") if wanted.match(name) and (ROOT / name).exists()]


def replace(target: Path, new: Path) -> None:
    """Put the new files into the folder; its `.git`, if it has one, stays."""
    target.mkdir(exist_ok=True)
    for path in target.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in new.iterdir():
        shutil.move(path, target / path.name)


if __name__ == "__main__":
    main()
