"""The recipe: the chart and chapter 12's tables are one list, and every link of the tables leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from matplotlib.text import Text

from dnnlib.figures import recipe, recipe_chart

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"
LINK = re.compile(r"\[([^\]]+)\]\(#([a-z0-9-]+)\)")
PARTS = pytest.mark.parametrize(("number", "remedies"), [(0, recipe.FOR_TRAINING), (1, recipe.FOR_NEW_DATA)])


def text(path: Path) -> str:
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def table(number: int) -> list[list[str]]:
    """The rows of one of the chapter's two tables of remedies: what one sees, what to try, the chapter."""
    tables = text(CHAPTERS / "12_hello_world.ipynb").split("| You see | Try | Chapter |\n|---|---|---|\n")[1:]
    assert len(tables) == 2
    lines = tables[number].split("\n\n")[0].splitlines()
    return [[entry.strip() for entry in line.strip("| ").split("|")] for line in lines]


@PARTS
def test_chart_and_table_agree(number: int, remedies: tuple[tuple[str, str], ...]) -> None:
    rows = table(number)
    assert tuple((LINK.sub(r"\1", tried), chapter) for _, tried, chapter in rows) == remedies
    assert all(sign for sign, _, _ in rows)


@PARTS
def test_each_remedy_leads_to_its_chapter(number: int, remedies: tuple[tuple[str, str], ...]) -> None:
    missing = []
    for _, tried, chapter in table(number):
        taught = "".join(text(path) for path in CHAPTERS.glob(f"{chapter}_*.ipynb"))
        targets = [target for _, target in LINK.findall(tried)]
        assert len(targets) >= 1, f"{tried} has no link"
        missing += [f"{chapter}: {target}" for target in targets if f"({target})=" not in taught]
    assert missing == []


def test_the_chart_draws_every_remedy_apart() -> None:
    fig = recipe_chart()
    fig.canvas.draw()
    drawn = {words.get_text(): words.get_window_extent() for words in fig.axes[0].findobj(Text) if words.get_text()}
    names = [name for name, _ in (*recipe.FOR_TRAINING, *recipe.FOR_NEW_DATA)]
    assert set(names) <= set(drawn)
    boxes = [drawn[name] for name in names]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
