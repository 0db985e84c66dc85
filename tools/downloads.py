"""All notebooks in one file, `_build/notebooks.zip`, for pages to link to: a Sphinx extension."""

from __future__ import annotations

import zipfile
from pathlib import Path

from sphinx.application import Sphinx

README = """# Deep Neural Networks, from the equations up: the notebooks

- `chapters/`: the lectures. The first cell of each installs the library, dnnlib, if it is missing.
- `exercises/release/`: the exercises. They need NumPy, matplotlib and scikit-learn.

With Python 3.11 or newer:

    python3 -m venv .venv
    .venv/bin/pip install jupyterlab numpy matplotlib scikit-learn
    .venv/bin/jupyter lab

Code under BSD-3-Clause, text and figures under CC BY 4.0.
"""


def contents(root: Path) -> dict[str, bytes]:
    """The files of the archive, by name. They lie as in the repository, so that links between notebooks work."""
    paths = sorted([*root.glob("chapters/*.ipynb"), *root.glob("exercises/release/*/*.ipynb")])
    return {"README.md": README.encode()} | {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def write(app: Sphinx) -> None:
    """Make the archive, the same bytes from the same notebooks."""
    root = Path(app.srcdir)
    (root / "_build").mkdir(exist_ok=True)
    with zipfile.ZipFile(root / "_build" / "notebooks.zip", "w") as archive:
        for name, data in contents(root).items():
            entry = zipfile.ZipInfo(f"dnn-notebooks/{name}")  # of 1980
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True}
