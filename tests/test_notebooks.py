"""The stored notebooks are in order, and the gates that keep them so do close: each is tried on a planted fault."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parent.parent


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / "tools" / "notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = load_tool()
NOTEBOOKS = tool.notebooks()


def plant(path: Path, *sources: str, tags: tuple[str, ...] = ()) -> Path:
    """A small notebook, not executed."""
    cells: list[Any] = [new_markdown_cell("# Planted")]
    cells += [new_code_cell(source, metadata={"tags": list(tags)} if tags else {}) for source in sources]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def planted(path: Path, *sources: str, tags: tuple[str, ...] = ()) -> Path:
    """A small notebook, executed and stored by the tool."""
    tool.execute(plant(path, *sources, tags=tags))
    return path


def change(path: Path, edit: Any) -> Path:
    """Let `edit` change the notebook that is stored at `path`."""
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    nbformat.write(notebook, path)
    return path


def nbval(path: Path) -> subprocess.CompletedProcess[str]:
    """What `make nbval` does, for one notebook."""
    command = [sys.executable, "-m", "pytest", "--nbval", f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval.cfg'}"]
    return subprocess.run(
        [*command, "-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", str(path)],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | tool.ENVIRONMENT,
    )


def test_there_are_notebooks() -> None:
    names = {path.name for path in NOTEBOOKS}
    assert {f"{number:02}" for number in range(17)} <= {name[:2] for name in names}
    assert any("exercises" in path.parts for path in NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.parent.name + "/" + path.name)
def test_stored_notebook_is_in_order(path: Path) -> None:
    assert tool.check(path) == []


def missing_parts(notebook: Any) -> list[str]:
    """What a chapter lacks of that which every chapter has."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    parts = ("What you will be able to do", "Where it goes wrong", "Check yourself", "Summary", "Exercise")
    missing = [part for part in (*parts, "Further reading") if f"## {part}" not in text]
    if text.count(":::{dropdown}") < 4:
        missing.append("folded answers")
    html = [o.data.get("text/html", "") for c in notebook.cells for o in c.get("outputs", []) if "data" in o]
    if not any("dnn-frames" in output for output in html):
        missing.append("an interactive figure that works without a kernel")
    return missing


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if "chapters" in p.parts], ids=lambda path: path.name)
def test_chapter_has_what_every_chapter_has(path: Path) -> None:
    assert missing_parts(nbformat.read(path, as_version=4)) == []


def test_a_chapter_without_a_part_is_found() -> None:
    path = ROOT / "chapters" / "01_perceptron.ipynb"
    for part in ("## Where it goes wrong", "## Summary", "## Further reading", "dropdown", "dnn-frames"):
        notebook = nbformat.reads(path.read_text("utf-8").replace(part, "left out"), as_version=4)
        assert len(missing_parts(notebook)) == 1, part


def test_executing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    frames = "figures.Frames(draw, values=[0.0, 1.0], label='slope')"
    source = f"""
import matplotlib.pyplot as plt
from dnnlib import figures

def draw(slope):
    fig, ax = plt.subplots(figsize=(2, 2))
    ax.plot([0, 1], [0, slope])
    return fig, f"A straight line from the origin to one and {{slope}}."

{frames}"""
    path = planted(tmp_path / "frames.ipynb", source, "print(1)\nprint(2)")
    first = path.read_bytes()
    tool.execute(path)
    assert path.read_bytes() == first
    assert b"dnn-frames" in first
    assert b"widget-view" not in first
    assert nbval(path).returncode == 0


def test_alt_text_reaches_the_page(tmp_path: Path) -> None:
    alt = "A straight line that rises from the lower left to the upper right."
    source = f"""
import matplotlib.pyplot as plt
from dnnlib import figures
fig, ax = plt.subplots(figsize=(2, 2))
ax.plot([0, 1], [0, 1])
figures.show(fig, alt={alt!r})"""
    notebook = nbformat.read(planted(tmp_path / "alt.ipynb", source), as_version=4)
    assert notebook.cells[1].metadata["mystnb"]["image"]["alt"] == alt


def test_a_failing_notebook_is_named_and_left_as_it_was(tmp_path: Path) -> None:
    path = plant(tmp_path / "broken.ipynb", "print(1)", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"broken\.ipynb: failed.*(?s:.*)ZeroDivisionError"):
        tool.execute(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_execute_refuses_what_a_page_must_not_hold(tmp_path: Path) -> None:
    faults = {
        "import sys; print('careful', file=sys.stderr)": "something on stderr: careful",
        "print('/home/somebody/data.csv')": "a path of the machine that ran it: /home/somebody/data.csv",
        "import ipywidgets; ipywidgets.IntSlider()": "a widget without an HTML form: IntSlider",
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()": "a picture without alt text",
        "x = 1\n" * 31: "31 lines",
    }
    path = plant(tmp_path / "refused.ipynb", *faults)
    before = path.read_bytes()
    with pytest.raises(SystemExit) as refusal:
        tool.execute(path)
    assert [message for message in faults.values() if message not in str(refusal.value)] == []
    assert path.read_bytes() == before


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook that is in order."""
    return planted(tmp_path_factory.mktemp("honest") / "honest.ipynb", "print('accuracy', 0.25 + 0.5)", "print(2)")


def forget_run(notebook: Any) -> None:
    notebook.cells[1].execution_count, notebook.cells[1].outputs = None, []


def out_of_order(notebook: Any) -> None:
    notebook.cells[1].execution_count, notebook.cells[2].execution_count = 2, 1


def store_error(notebook: Any) -> None:
    notebook.cells[1].outputs = [new_output("error", ename="ValueError", evalue="bad", traceback=[])]


def stray_metadata(notebook: Any) -> None:
    notebook.cells[1].metadata["execution"] = {"started": "today"}


def two_pictures(notebook: Any) -> None:
    notebook.cells[1].outputs = [new_output("display_data", {"image/png": "iVBORw0KGgo="}) for _ in range(2)]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (forget_run, "not executed top to bottom"),
        (out_of_order, "not executed top to bottom"),
        (store_error, "stored error ValueError: bad"),
        (stray_metadata, "not in the stored form"),
        (two_pictures, "2 pictures in one cell"),
    ],
)
def test_check_reports_planted_faults(honest: Path, tmp_path: Path, edit: Any, message: str) -> None:
    path = tmp_path / "fault.ipynb"
    path.write_bytes(honest.read_bytes())
    assert tool.check(path) == []
    assert message in "\n".join(tool.check(change(path, edit)))


def test_check_stops_a_notebook_never_executed(tmp_path: Path) -> None:
    path = plant(tmp_path / "never.ipynb", "print('never stored')")
    assert any("not executed" in problem for problem in tool.check(path))


def test_check_stops_a_chapter_without_a_set_up_cell(tmp_path: Path) -> None:
    (tmp_path / "chapters").mkdir()
    path = plant(tmp_path / "chapters" / "bare.ipynb", "print(1)")
    assert any("no set-up cell" in problem for problem in tool.check(path))


DRAW = "w = 1\ndef draw(v{bound}):\n    return w * v\nfigures.Frames(draw, values=[1, 2], label='v')"


@pytest.mark.parametrize("later", ["w = 2", "for w in range(3): pass", "a, w = 1, 2", "if True:\n    %time\n    w = 2"])
def test_a_figure_that_a_later_cell_would_change_is_found(tmp_path: Path, later: str) -> None:
    problems = tool.check(plant(tmp_path / "stale.ipynb", DRAW.format(bound=""), "1 + 1", later))
    assert [problem for problem in problems if "draw draws with w, which code cell 3 changes" in problem]


def test_a_figure_with_names_of_its_own_is_in_order(tmp_path: Path) -> None:
    bound, other = DRAW.format(bound=", w=w"), DRAW.format(bound="")
    for cells in ([bound, "w = 2"], [other, "[w for w in range(3)]"], [other, "def f():\n    w = 2"], ["w = 2", other]):
        assert not [p for p in tool.check(plant(tmp_path / "own.ipynb", *cells)) if "draws with" in p], cells


def test_unreadable_notebook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.ipynb"
    path.write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(SystemExit, match=r"cut\.ipynb: not a readable notebook"):
        tool.check(path)


def test_nbval_passes_an_honest_notebook(honest: Path) -> None:
    assert nbval(honest).returncode == 0


def change_number(notebook: Any) -> None:
    notebook.cells[1].outputs[0].text = "accuracy 0.85\n"


def raise_error(notebook: Any) -> None:
    notebook.cells[2].source = "raise RuntimeError('planted')"


@pytest.mark.parametrize(("edit", "message"), [(change_number, "0.85"), (raise_error, "planted")])
def test_nbval_stops_planted_faults(honest: Path, tmp_path: Path, edit: Any, message: str) -> None:
    path = tmp_path / "fault.ipynb"
    path.write_bytes(honest.read_bytes())
    result = nbval(change(path, edit))
    assert result.returncode == 1
    assert message in result.stdout


def test_set_up_cell_holds_the_one_repository_address(tmp_path: Path) -> None:
    path = planted(tmp_path / "setup.ipynb", "# anything", tags=("setup",))
    source = nbformat.read(path, as_version=4).cells[1].source
    assert "git+{url}@{branch}".format(**tool.repository()) in source
    assert source.startswith("# Where dnnlib is missing")
