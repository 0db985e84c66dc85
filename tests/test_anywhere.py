"""The notebooks run where nothing of the repository is: the environments that simulate Colab and Binder can fail.

`make nbval` runs all notebooks in them. Here are the lists that they are made of, and a planted fault of each kind.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import anywhere
import ipywidgets
import matplotlib.pyplot as plt
import nbformat
import pytest
from anywhere import ROOT, VARIABLES, build_wheel, closure, environment, metadata, requires, wanted
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from packaging.requirements import Requirement

from dnnlib import figures

RELEASED = sorted(ROOT.glob("exercises/release/*/*.ipynb"))
# What a Colab kernel has loaded when it starts, or has in old versions, by its published list of June 2026. To replace
# one of these the set-up cell would have to ask for a restart.
COLAB = {
    "ipython": "7.34.0", "ipywidgets": "7.7.1", "matplotlib": "3.10.0", "numpy": "2.0.2", "psutil": "5.9.5",
    "scikit-learn": "1.6.1", "scipy": "1.16.3", "torch": "2.11.0", "tqdm": "4.67.3",
}  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the wheel and what it requires, without torch."""
    return environment(tmp_path_factory.mktemp("bare") / "env", frozenset(map(str, requires(metadata(wheel)))), wheel)


def plant(folder: Path, *sources: str) -> Path:
    """A notebook whose cells print nothing: stored as it was run in a place that has everything."""
    cells = [new_code_cell(source, execution_count=number) for number, source in enumerate(sources, start=1)]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    folder.mkdir()
    nbformat.write(notebook, folder / f"{folder.name}.ipynb")
    return folder / f"{folder.name}.ipynb"


def test_a_notebook_that_needs_more_than_is_listed_is_found(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    faults = {
        "repository": ('open("../../_config.yml")', "FileNotFoundError"),
        "unlisted": ("import yaml", "No module named 'yaml'"),
        "torch": ("import torch", "No module named 'torch'"),
    }
    paths = [plant(tmp_path / "honest", "import dnnlib, sklearn")]
    paths += [plant(tmp_path / name, source) for name, (source, _) in faults.items()]
    (tmp_path / "run").mkdir()
    assert anywhere.nbval(tmp_path / "run", anywhere.prepare(tmp_path / "run", "colab", paths)) == 1
    told = capfd.readouterr().out
    assert sorted(re.findall(r"^FAILED .*/(\w+)\.ipynb::Cell 0\b", told, re.MULTILINE)) == sorted(faults)
    assert "3 failed, 1 passed" in told
    assert [message for _, message in faults.values() if message not in told] == []


def test_binder_lists_what_the_library_asks_for() -> None:
    listed = [Requirement(line) for line in anywhere.on_binder()]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = map(Requirement, [*project["dependencies"], *project["optional-dependencies"]["torch"]])
    assert {line.name: line.specifier for line in listed} == {line.name: line.specifier for line in asked}


def test_binder_installs_the_library_alone_and_from_here() -> None:
    script = ROOT / "binder" / "postBuild"
    assert os.access(script, os.X_OK)
    assert re.search(r"^python -m pip install .*--no-deps .*-e \.$", script.read_text("utf-8"), re.MULTILINE)
    assert {path.name for path in script.parent.iterdir()} == {"environment.yml", "postBuild"}


def test_binder_has_what_the_set_up_cells_install_and_no_more(wheel: Path) -> None:
    """So what runs as its set-up cell installs it, in `make nbval`, finds the same packages on Binder."""
    for notebook in anywhere.notebooks():
        binder, colab = (closure(wanted(place, notebook, wheel)).keys() for place in ("binder", "colab"))
        assert colab <= binder
        assert ("torch" in colab) == ("import torch" in notebook.read_text("utf-8")), notebook
        assert colab == binder or "torch" not in colab


def test_colab_keeps_the_packages_that_its_kernel_has_loaded(wheel: Path) -> None:
    asked = {line.name: line.specifier for line in requires(metadata(wheel), "torch")}
    assert [f"{name} {version}" for name, version in COLAB.items() if not asked[name].contains(version)] == []


def test_interactive_figures_need_no_newer_widgets_than_colab_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of ipywidgets 7 do not describe themselves to Jupyter, and so the figure has to."""
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_")
    bundle = figures.Frames(
        lambda value: (plt.figure(), "An empty figure, without axes, lines or any words."), [0.0, 1.0], "v"
    )._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    plt.close("all")


def test_set_up_cell_installs_the_library_once(wheel: Path, tmp_path: Path) -> None:
    """By a kernel, from the repository's address, which git rewrites to a repository on this disk."""
    notebook = nbformat.read(ROOT / "chapters" / "01_perceptron.ipynb", as_version=4)
    setup = next(cell.source for cell in notebook.cells if "setup" in cell.metadata.get("tags", []))
    url, branch = re.search(r'git\+(\S+)@(\w+)"', setup).groups()
    source = wheel.parent / "source"
    git = ["git", "-C", str(source), "-c", "user.name=nobody", "-c", "user.email=nobody@localhost"]
    for command in (["init", "-q", "-b", branch], ["add", "."], ["commit", "-q", "-m", "The library"]):
        subprocess.run([*git, *command], check=True)
    # Without an index pip can install nothing else: a package of the locked environment is never replaced.
    variables = VARIABLES | {
        "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_NO_BUILD_ISOLATION": "0",
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.file://{source}.insteadOf", "GIT_CONFIG_VALUE_0": url,
    }  # fmt: skip
    lines = frozenset({*map(str, requires(metadata(wheel))), "ipykernel", "pip", "setuptools"})
    anywhere.kernel(tmp_path, "bare", environment(tmp_path / "env", lines, wheel=None), variables)
    second = "get_ipython().run_line_magic = None\n" + setup
    check = "import dnnlib; print(dnnlib.__file__, dnnlib.Sequential.__name__)"
    told = run(tmp_path, "import importlib.util; print(importlib.util.find_spec('dnnlib'))", setup, second, check)
    assert told[0] == "None\n"
    assert told[2] == ""
    assert str(tmp_path / "env") in told[3]


def run(folder: Path, *sources: str) -> list[str]:
    """What the cells print, run by the kernel "bare" of the folder."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder))
        NotebookClient(notebook, kernel_name="bare", timeout=300).execute(cwd=str(folder))
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in notebook.cells]


STUBS = """
import json, sys
for path in sys.argv[1:]:
    cells = [cell for cell in json.load(open(path))["cells"] if cell["cell_type"] == "code"]
    names = {"__name__": "__main__"}
    for number, cell in enumerate(cells):
        try:
            exec("".join(cell["source"]), names)
        except Exception as error:
            name = getattr(error, "name", None) or ""
            print(json.dumps([path, number, type(error).__name__, name]), file=sys.stderr)
"""


def surprises(python: Path, paths: list[Path], folder: Path) -> list[str]:
    """Errors in unfinished exercises that are not the unfinished part's. A later cell may lack what it would define."""
    command = [str(python), "-W", "ignore", "-c", STUBS, *map(str, paths)]
    here = os.environ | VARIABLES | {"MPLBACKEND": "agg"}
    said = subprocess.run(command, cwd=folder, env=here, capture_output=True, text=True, check=True).stderr
    found, unfinished = [], ""
    for path, number, kind, name in map(json.loads, said.splitlines()):
        cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        missing = kind == "NameError" and re.search(rf"\b{name}\b", unfinished)
        if kind == "NotImplementedError" or missing:
            unfinished += cells[number]
        else:
            found.append(f"{Path(path).name}, code cell {number + 1}: {kind} {name}")
    assert "NotImplementedError" in said
    return found


def test_released_exercises_run_until_what_the_student_has_to_write(python: Path, tmp_path: Path) -> None:
    assert len(RELEASED) >= 15
    assert surprises(python, RELEASED, tmp_path) == []


def test_an_exercise_with_another_error_is_found(python: Path, tmp_path: Path) -> None:
    todo = "def f():\n    raise NotImplementedError()\nx = f()"
    path = plant(tmp_path / "odd", todo, "x", "y", "import torch", "open('data.csv')")
    assert [line.split(": ")[1] for line in surprises(python, [path], tmp_path)] == [
        "NameError y",
        "ModuleNotFoundError torch",
        "FileNotFoundError ",
    ]


def test_exercise_is_checked_where_only_the_library_is(python: Path, tmp_path: Path) -> None:
    shutil.copy(RELEASED[0], tmp_path)
    command = [str(python), "-m", "dnnlib.check", RELEASED[0].name]
    said = subprocess.run(
        command, cwd=tmp_path, env=os.environ | VARIABLES, capture_output=True, text=True, check=False
    )
    assert "0 of 6 pass: 0 of 85 points" in said.stdout, said.stderr
