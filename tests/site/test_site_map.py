"""The lecture map: every topic once, linked exactly when a chapter teaches it."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
TOPICS = {"A": 36, "B": 15, "C": 25, "D": 6, "E": 17}
ROW = re.compile(
    r"^\| (?:\[(?P<linked>\w+)\]\(#lec-(?P<target>\w+)\)|(?P<plain>\w\d\d)) \|.*\| (?P<chapter>.*) \|$", re.M
)


MAP = (ROOT / "chapters/appendix/lecture_map.md").read_text("utf-8")


def taught() -> dict[str, str]:
    """The chapter of each topic, by the targets in the chapters."""
    chapters: dict[str, str] = {}
    for path in (ROOT / "chapters").glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        chapters |= dict.fromkeys(re.findall(r"^\(lec-(\w+)\)=", text, re.M), path.stem[:2])
    return chapters


def assert_whole(text: str, taught: dict[str, str]) -> None:
    """A map has every topic once and in order, and links exactly those that are taught, to their chapter."""
    rows = list(ROW.finditer(text))
    listed = [row["linked"] or row["plain"] for row in rows]
    assert listed == [f"{lecture}{i:02}" for lecture, count in TOPICS.items() for i in range(1, count + 1)]
    assert {row["target"]: row["chapter"][:2] for row in rows if row["linked"]} == taught
    for row in rows:
        assert bool(row["plain"]) == row["chapter"].endswith("(planned)"), row[0]
        assert row["plain"] or row["linked"].lower() == row["target"], row[0]


def test_the_lecture_map_is_whole_and_links_what_is_taught() -> None:
    assert_whole(MAP, taught())


def test_a_map_that_is_not_whole_is_found() -> None:
    row = next(row[0] for row in ROW.finditer(MAP) if row["linked"] == "A05")
    chapters = taught()
    for other in ("", f"{row}\n{row}", row.replace("[A05](#lec-a05)", "A05"), row.replace("| 01", "| 02")):
        with pytest.raises(AssertionError):
            assert_whole(MAP.replace(row, other), chapters)
    with pytest.raises(AssertionError):
        assert_whole(MAP, chapters | {"a99": "01"})
