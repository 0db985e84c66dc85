"""The notebooks that an instructor publishes after the deadline: solutions and outputs, without the hidden tests."""

import re
from pathlib import Path

import nbformat
from nbgrader.preprocessors import ClearHiddenTests

MARKS = re.compile(r"^ *### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)


def solved(source: Path) -> nbformat.NotebookNode:
    """The solved form of an exercise: the reference solutions without their marks, the visible tests, all outputs."""
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        cell.source = MARKS.sub("", cell.source).rstrip("\n")
    notebook, _ = ClearHiddenTests().preprocess(notebook, {})
    return notebook
