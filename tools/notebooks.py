"""Execute the course's notebooks and store them in one normal form.

    python tools/notebooks.py execute [NOTEBOOK ...]   run top to bottom, store outputs (all notebooks without names)
    python tools/notebooks.py execute --status         the same for all, and rewrite chapters/appendix/status.md
    python tools/notebooks.py check [NOTEBOOK ...]     say what is wrong with the stored files; change nothing

A notebook that raises is left as it was, and the cell and the error are named. Executing twice gives the same bytes:
cell ids come from the cells' text, widget views, timings and version numbers are dropped, metadata is sorted.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import hashlib
import os
import platform
import re
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
STATUS = ROOT / "chapters" / "appendix" / "status.md"
CELL_METADATA = {"tags", "mystnb", "nbgrader", "deletable", "editable"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# Notebooks print the same on every machine: no progress bars, and sums in one order whatever the number of cores.
ENVIRONMENT = {"TQDM_DISABLE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
LONGEST_CELL = 30  # lines
SETUP = """\
# Where dnnlib is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util

if importlib.util.find_spec("dnnlib") is None:
    %pip install -q "dnnlib{extra} @ git+{url}@{branch}\""""


def notebooks() -> list[Path]:
    """Every notebook that the course keeps with its outputs."""
    found = [*ROOT.glob("chapters/**/*.ipynb"), *ROOT.glob("exercises/source/**/*.ipynb")]
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def repository() -> dict[str, str]:
    """The repository's url and branch: the one setting, in _config.yml."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return {name: str(config["repository"][name]).rstrip("/") for name in ("url", "branch")}


def setup(notebook: Any, place: dict[str, str] | None) -> str:
    """The set-up cell. It asks for torch, gigabytes on some machines, only where the notebook imports it."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    extra = "[torch]" if re.search(r"^\s*(?:import|from) torch\b", code, re.MULTILINE) else ""
    return SETUP.format(extra=extra, **(place or repository()))


def read(path: Path) -> Any:
    """The notebook, validated; exits with a message that names the file if it is not one."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        raise SystemExit(f"{path}: not a readable notebook ({error}). Restore it: git checkout -- {path}") from None
    return notebook


def normalise(notebook: Any, place: dict[str, str] | None = None) -> str:
    """The notebook's text in the stored form; `place` is the repository's url and branch, if not today's."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        cell.source = cell.source.strip("\n")
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in CELL_METADATA})
        if "setup" in cell.metadata.get("tags", []):
            cell.source = setup(notebook, place)
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        if cell.cell_type == "code":
            cell.outputs = _normal_outputs(cell.outputs)
            _store_alt(cell)
    return nbformat.writes(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _normal_outputs(outputs: list[Any]) -> list[Any]:
    """Without widget views and counters that vary; neighbouring pieces of one stream joined."""
    kept: list[Any] = []
    for output in outputs:
        output.pop("transient", None)
        if "data" in output:
            output.data.pop(WIDGET_VIEW, None)
            output.metadata.pop(WIDGET_VIEW, None)
            if not output.data:
                continue
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def _store_alt(cell: Any) -> None:
    """Copy the alt text that `figures.show` gave the picture to where the page takes it from."""
    alts = [output.metadata.get("image/png", {}).get("alt") for output in cell.outputs if "image/png" in _data(output)]
    if len(alts) == 1 and alts[0]:
        cell.metadata.setdefault("mystnb", nbformat.from_dict({})).setdefault("image", {})["alt"] = alts[0]


def _data(output: Any) -> dict[str, Any]:
    return dict(output.get("data", {}))


def execute(path: Path) -> float:
    """Run a notebook in its own folder and store it; the seconds it took. Exits, storing nothing, if it fails."""
    notebook = read(path)
    os.environ.update(ENVIRONMENT)
    normalise(notebook)  # before running, so that the set-up cell that runs is the one stored
    start = time.perf_counter()
    try:
        NotebookClient(
            notebook,
            timeout=300,
            kernel_name="python3",
            store_widget_state=False,
            resources={"metadata": {"path": str(path.parent)}},
        ).execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise SystemExit(f"{path}: failed, and is left as it was\n{error}") from None
    seconds = time.perf_counter() - start
    problems = _bare_widgets(notebook)
    text = normalise(notebook)
    if problems := problems + inspect(path, notebook, text):
        raise SystemExit("\n".join([f"{path}: ran, but is left as it was:", *problems]))
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
    return seconds


def _bare_widgets(notebook: Any) -> list[str]:
    """Outputs that are a widget and nothing else: no page could show them."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    bare = [_data(output) for output in outputs if WIDGET_VIEW in _data(output) and "text/html" not in _data(output)]
    return [f"a widget without an HTML form: {data.get('text/plain', '')[:80]}; use figures.Frames" for data in bare]


def check(path: Path) -> list[str]:
    """What is wrong with a stored notebook, a line for each; nothing is changed."""
    notebook = read(path)
    stored = path.read_text(encoding="utf-8")
    return inspect(path, notebook, stored)


def inspect(path: Path, notebook: Any, stored: str) -> list[str]:
    """The problems of a notebook with the stored text `stored`."""
    problems = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        problems.append("not executed top to bottom in one go: run `make notebooks`")
    if "chapters" in path.parts and not any("setup" in cell.metadata.get("tags", []) for cell in code):
        problems.append('no set-up cell: tag the first code cell "setup"')
    for number, cell in enumerate(code, start=1):
        problems += [f"code cell {number}: {problem}" for problem in _cell_problems(cell)]
    problems += _stale_figures([cell.source for cell in code])
    if normalise(nbformat.reads(stored, as_version=4)) != stored:
        problems.append("not in the stored form: run `make notebooks`")
    return problems


def _stale_figures(sources: list[str]) -> list[str]:
    """Interactive figures that draw with a name which a later cell changes: a live slider would draw something else."""
    trees = [_parse(source) for source in sources]
    problems = []
    for number, tree in enumerate(trees, start=1):
        calls = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func)[-6:] == "Frames"
        ]
        drawn = {ast.unparse(call.args[0]) for call in calls if call.args}
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in drawn):
            names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
            own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
            own |= {argument.arg for argument in ast.walk(function) if isinstance(argument, ast.arg)}
            used = {node.id for node in names} - own
            problems += [
                f"code cell {number}: {function.name} draws with {name}, which code cell {later} changes; keep today's "
                f"value: def {function.name}(..., {name}={name})"
                for later, other in enumerate(trees[number:], start=number + 1)
                for name in sorted(used & _assigned(other))
            ]
    return problems


def _parse(source: str) -> ast.Module:
    """The cell as a syntax tree, its magics left out."""
    return ast.parse(re.sub(r"^(\s*)[%!].*", r"\1pass", source, flags=re.MULTILINE))


def _assigned(tree: ast.AST) -> set[str]:
    """The global names that a cell gives a value; those inside functions and comprehensions are their own."""
    scopes = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    names: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif not isinstance(node, scopes):
            names |= _assigned(node)
    return names


def _cell_problems(cell: Any) -> list[str]:
    problems = []
    if (lines := cell.source.count("\n") + 1) > LONGEST_CELL and "nbgrader" not in cell.metadata:
        problems.append(f"{lines} lines, at most {LONGEST_CELL} are easy to read")
    pictures = 0
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            problems.append(f"stored error {output.ename}: {output.evalue}")
        if output.get("name") == "stderr":
            problems.append(f"something on stderr: {output.text.strip()[:200]}")
        if found := re.search(r"(?:/(?:home|Users|tmp|root)/|[A-Z]:\\\\)[\w./\\-]+", _text(output)):
            problems.append(f"a path of the machine that ran it: {found.group()}")
        pictures += "image/png" in _data(output)
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    if pictures > 1:
        problems.append(f"{pictures} pictures in one cell; each needs a cell of its own, to have its own alt text")
    if pictures == 1 and len(alt.split()) < 8:
        problems.append("a picture without alt text: show it with dnnlib.figures.show(fig, alt=...)")
    return problems


def _text(output: Any) -> str:
    """All that an output says in text, without pictures' data."""
    parts = [output.get("text", ""), *output.get("traceback", [])]
    parts += [value for kind, value in _data(output).items() if isinstance(value, str) and kind.startswith("text/")]
    return re.sub(r"base64,[\w+/=]+", "", "\n".join(parts))


def write_status(seconds: dict[Path, float]) -> None:
    """Rewrite the page with every notebook's running time, and what they ran on."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "torch", "matplotlib"))
    rows = [f"| `{path.relative_to(ROOT)}` | {taken:.1f} |" for path, taken in seconds.items()]
    lines = [
        "# Running times",
        "",
        "How long each notebook takes from top to bottom, with its kernel's start. `make status` rewrites this page.",
        "",
        f"Measured on {datetime.date.today():%Y-%m-%d} with {os.cpu_count()} CPU cores ({platform.machine()}), "
        f"Python {platform.python_version()}, {packages}.",
        "",
        "| notebook | seconds |",
        "|---|---|",
        *rows,
        "",
    ]
    STATUS.write_text("\n".join(lines), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["execute", "check"])
    parser.add_argument("paths", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--status", action="store_true", help="rewrite the page of running times")
    options = parser.parse_args(arguments)
    if options.status and (options.command == "check" or options.paths):
        parser.error("--status goes with execute, for all notebooks")
    paths = [path.resolve() for path in options.paths] or notebooks()
    if options.command == "check":
        found = {path: check(path) for path in paths}
        for path, problems in found.items():
            print("\n".join(f"{path.name}: {problem}" for problem in problems) or f"{path.name}: in order")
        return int(any(found.values()))
    seconds = {}
    for path in paths:
        seconds[path] = execute(path)
        print(f"{path.name}: {seconds[path]:.1f} s")
    if options.status:
        write_status(seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
