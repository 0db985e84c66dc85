"""The lecture map: every topic once, linked exactly when a chapter teaches it."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
TOPICS = {"A": 36, "B": 15, "C": 25, "D": 6, "E": 17}
ROW = re.compile(
    r"^\| (?:\[(?P<linked>\w+)\]\(#lec-(?P<target>\w+)\)|(?P<plain>\w\d\d)) \|.*\| (?P<chapter>.*) \|$", re.M
)


def test_the_lecture_map_is_whole_and_links_what_is_taught() -> None:
    rows = list(ROW.finditer((ROOT / "chapters/appendix/lecture_map.md").read_text("utf-8")))
    listed = [row["linked"] or row["plain"] for row in rows]
    assert listed == [f"{lecture}{i:02}" for lecture, count in TOPICS.items() for i in range(1, count + 1)]
    taught = {}
    for path in (ROOT / "chapters").glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        taught |= dict.fromkeys(re.findall(r"^\(lec-(\w+)\)=", text, re.M), path.stem[:2])
    linked = {row["target"]: row["chapter"][:2] for row in rows if row["linked"]}
    assert linked == taught
    for row in rows:
        assert bool(row["plain"]) == row["chapter"].endswith("(planned)"), row[0]
        assert row["plain"] or row["linked"].lower() == row["target"], row[0]
