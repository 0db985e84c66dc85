"""Estimate how long a chapter takes to read, and write the minutes into the pages that name it.

    python tools/reading_times.py       rewrite the minutes in the course plan and on the pages of the parts

The estimate is counted from the notebook, never guessed: 200 words a minute, half a minute for a displayed equation,
3 seconds for a line of code that is not folded away, 15 seconds for a picture, 2 minutes for an interactive figure.
It is rounded to 5 minutes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ROOT / "chapters"
WORDS, EQUATION, LINE, PICTURE, INTERACTIVE = 1 / 200, 0.5, 0.05, 0.25, 2.0  # minutes for each
FOLDED = {"setup", "hide-input", "hide-cell"}
# A link to a chapter, and the first minutes after it, with no other link between.
STATED = re.compile(r"(?P<before>\((?P<chapter>\d\d_\w+)\.ipynb\)[^\n(]*?)(?P<minutes>\d+) min")


def minutes(notebook: Path) -> int:
    """The minutes that a chapter takes to read, rounded to 5."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return 5 * round(sum(map(_cell, cells)) / 5)


def _cell(cell: Any) -> float:
    """The minutes for one cell with its outputs."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        prose, equations = re.subn(r"\$\$.*?\$\$", " ", source, flags=re.S)
        return WORDS * len(re.findall(r"[^\W_]+", re.sub(r"\]\([^)]*\)", " ", prose))) + EQUATION * equations
    if cell["cell_type"] != "code":
        return 0.0
    code = "" if FOLDED & set(cell["metadata"].get("tags", [])) else source
    outputs = [output.get("data", {}) for output in cell["outputs"]]
    interactive = sum("dnn-" in "".join(data.get("text/html", "")) for data in outputs)
    pictures = sum("image/png" in data for data in outputs)
    return LINE * len(re.findall(r"^.*\S", code, re.M)) + PICTURE * pictures + INTERACTIVE * interactive


def pages() -> list[Path]:
    """The pages that state reading times."""
    return [CHAPTERS / "course_plan.md", *sorted(CHAPTERS.glob("part_*.md"))]


def stated(text: str) -> dict[str, int]:
    """The minutes that a page states, by chapter."""
    return {found["chapter"]: int(found["minutes"]) for found in STATED.finditer(text)}


def main() -> None:
    """Rewrite the minutes where they stand."""
    for page in pages():
        text = page.read_text("utf-8")
        page.write_text(STATED.sub(_restated, text), "utf-8")
        print(f"{page.relative_to(ROOT)}: {len(stated(text))} times")


def _restated(found: re.Match[str]) -> str:
    return f"{found['before']}{minutes(CHAPTERS / (found['chapter'] + '.ipynb'))} min"


if __name__ == "__main__":
    main()
