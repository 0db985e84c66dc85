"""Run the notebooks as a stranger gets them: each alone in an empty folder, and nothing installed that is not listed.

    python tests/anywhere.py colab [NOTEBOOK ...]     what the notebook's set-up cell installs
    python tests/anywhere.py binder [NOTEBOOK ...]    what binder/ lists
    python tests/anywhere.py PYTHON [NOTEBOOK ...]    an environment made before, by its interpreter

nbval compares every output with the stored one. The first two environments take a second to make: dnnlib comes from its
built wheel, and the rest is linked from the locked environment that runs this, package by package, so that a package
which nothing lists cannot be imported.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import nbformat
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("colab", "binder")
NAMES_ON_CONDA = {"matplotlib-base": "matplotlib", "pytorch-cpu": "torch"}
# As tools/notebooks.py ran them. What the user has installed or downloaded elsewhere is not seen.
VARIABLES = {
    "TQDM_DISABLE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "PYTHONNOUSERSITE": "1", "PYTHONPATH": "", "DNNLIB_DATA": "data",
}  # fmt: skip


def notebooks() -> list[Path]:
    """The chapters, and the exercises with their solutions."""
    found = [*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("exercises/source/*/*.ipynb")]
    return sorted(found)


def build_wheel(folder: Path) -> Path:
    """The library's wheel, from a copy, so that nothing left over from another build gets into it."""
    source = folder / "source"
    shutil.copytree(ROOT / "dnnlib", source / "dnnlib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder)]
    subprocess.run([*command, str(source)], check=True)
    return next(folder.glob("*.whl"))


def wanted(place: str, notebook: Path, wheel: Path) -> frozenset[str]:
    """What `place` installs for the notebook beside dnnlib, as pip would write it, and the kernel."""
    if place == "binder":
        return frozenset(on_binder()) | {"ipykernel"}
    extra = re.search(r'%pip install -q \\"dnnlib\[(\w+)\] @', notebook.read_text("utf-8"))
    return frozenset(map(str, requires(metadata(wheel), extra[1] if extra else ""))) | {"ipykernel"}


def on_binder() -> list[str]:
    """What binder/environment.yml lists beside Python, by the names that pip knows."""
    listed = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text("utf-8"))["dependencies"]
    names = [re.sub(r"^[\w-]+", lambda name: NAMES_ON_CONDA.get(name[0], name[0]), line) for line in listed]
    return [name for name in names if not name.startswith("python=")]


def metadata(wheel: Path) -> Distribution:
    """What the wheel says of itself."""
    return next(iter(Distribution.discover(name="dnnlib", path=[str(wheel)])))


def requires(package: Distribution, extra: str = "") -> list[Requirement]:
    """What a package requires here, with one of its extras."""
    lines = [Requirement(line) for line in package.requires or []]
    return [line for line in lines if line.marker is None or line.marker.evaluate({"extra": extra})]


@functools.cache
def closure(lines: frozenset[str]) -> dict[str, Distribution]:
    """The packages of the running environment that the lines name, and those that these require in turn."""
    found: dict[str, Distribution] = {}
    seen = set()
    queue = [Requirement(line) for line in lines]
    while queue:
        line = queue.pop()
        for extra in ("", *line.extras):
            if (key := (canonicalize_name(line.name), extra)) not in seen:
                seen.add(key)
                found[key[0]] = distribution(line.name)
                queue += requires(found[key[0]], extra)
    return found


def environment(folder: Path, lines: frozenset[str], wheel: Path | None) -> Path:
    """Make an environment of these packages and the wheel, and nothing else; its interpreter."""
    venv.create(folder, symlinks=True)
    site = next(folder.glob("lib/python*/site-packages"))
    for package in closure(lines).values():
        for name in {file.parts[0] for file in package.files or []} - {"..", "__pycache__"}:
            if not (site / name).exists():
                (site / name).symlink_to(Path(str(package.locate_file(name))))
    if wheel:
        zipfile.ZipFile(wheel).extractall(site)
    return folder / "bin" / "python"


def kernel(folder: Path, name: str, python: Path, variables: dict[str, str] = VARIABLES) -> None:
    """Make the interpreter a kernel that Jupyter finds with JUPYTER_PATH=folder."""
    spec: dict[str, Any] = {"display_name": name, "language": "python", "env": variables}
    spec["argv"] = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    path = folder / "kernels" / name / "kernel.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(spec))


def prepare(folder: Path, place: str, paths: Iterable[Path]) -> list[Path]:
    """Copy the notebooks, each alone in a folder and bound to its environment; the copies."""
    made: dict[frozenset[str], str] = {}
    wheel = build_wheel(folder) if place in PLACES else None
    copies = []
    for path in paths:
        lines = wanted(place, path, wheel) if wheel else frozenset()
        if lines not in made:
            made[lines] = name = f"environment-{len(made)}"
            python = environment(folder / name, lines, wheel) if wheel else Path(place).absolute()
            kernel(folder, name, python)
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.kernelspec.name = made[lines]
        copies.append(folder / "alone" / "-".join(path.parts[-3:-1]) / path.stem / path.name)
        copies[-1].parent.mkdir(parents=True)
        nbformat.write(notebook, copies[-1])
    return copies


def nbval(folder: Path, copies: list[Path], *options: str) -> int:
    """Run the copies and compare, in the environments that they are bound to; pytest's exit status."""
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    command += ["-p", "no:cacheprovider", "--nbval", f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval.cfg'}"]
    here = os.environ | {"JUPYTER_PATH": str(folder)}
    return subprocess.run([*command, *options, *map(str, copies)], env=here, check=False).returncode


def main() -> int:
    """The command line; the exit status."""
    if len(sys.argv) < 2 or (sys.argv[1] not in PLACES and not Path(sys.argv[1]).is_file()):
        sys.exit(__doc__)
    paths = [Path(name).resolve() for name in sys.argv[2:]] or notebooks()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies = prepare(folder, sys.argv[1], paths)
        return nbval(folder, copies, "-n", "logical", "--dist", "loadfile")


if __name__ == "__main__":
    sys.exit(main())
