"""The book as something to read: where to start, one path through all pages, a plan, light pages."""

import gzip
import json
import posixpath
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
import yaml
from playwright.sync_api import Browser
from static_checks import Page, built

from dnnlib.figures.cover import DIGIT, reader

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
sys.path.append(str(ROOT / "tools"))
import reading_times  # noqa: E402

MOST = 1_500_000  # bytes of a page beyond the theme and mathematics
PLAN = ROOT / "chapters" / "course_plan.md"
LINK = re.compile(r"\]\((?:\.\./)?([\w/]+)\.(?:ipynb|md)\)")
CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
ORDER = [CONTENTS["root"], *(entry["file"] for part in CONTENTS["parts"] for entry in part["chapters"])]
CHAPTERS = [file for file in ORDER if re.match(r"chapters/\d\d_", file)]
EXERCISES = [file for file in ORDER if file.startswith("exercises/release/")]


# One path through the book.


def steps(name: str, page: Page) -> dict[str, str]:
    """The pages that the page's "previous" and "next" lead to."""
    links = {kind: page.soup.find("a", class_=f"{kind}-{way}") for kind, way in (("left", "prev"), ("right", "next"))}
    return {
        kind: posixpath.normpath(posixpath.join(posixpath.dirname(name), a["href"])) for kind, a in links.items() if a
    }


def off_the_path(pages: dict[str, Page], order: list[str]) -> list[str]:
    """Pages whose "previous" and "next" are not their neighbours in the order."""
    names = ["", *(f"{file}.html" for file in order), ""]
    expected = {
        here: {kind: name for kind, name in (("left", before), ("right", after)) if name}
        for before, here, after in zip(names, names[1:], names[2:], strict=False)
    }
    return [
        f"{name}: leads to {found}, not {expected[name]}"
        for name in expected
        if (found := steps(name, pages[name]) if name in pages else {}) != expected[name]
    ]


def test_previous_and_next_run_through_the_whole_book() -> None:
    assert len(ORDER) == len(set(ORDER)) > 40
    assert off_the_path(built(), ORDER) == []


def stepping(before: str, after: str) -> Page:
    links = [
        f'<a class="{kind}" href="{page}">' for kind, page in (("left-prev", before), ("right-next", after)) if page
    ]
    return Page("".join(links))


@pytest.mark.parametrize("change", [("a/2.html", "", "3.html"), ("a/2.html", "1.html", ""), ("a/3.html", "1.html", "")])
def test_a_page_off_the_path_is_found(change: tuple[str, str, str]) -> None:
    pages = {
        "a/1.html": stepping("", "2.html"),
        "a/2.html": stepping("1.html", "3.html"),
        "a/3.html": stepping("2.html", ""),
    }
    assert off_the_path(pages, ["a/1", "a/2", "a/3"]) == []
    name, before, after = change
    assert off_the_path({**pages, name: stepping(before, after)}, ["a/1", "a/2", "a/3"]) != []


# Landing page, parts and plan.


def links(text: str, start: str) -> list[str]:
    """What a page in `chapters/` links, of the files that begin with `start`, in order."""
    files = (file if "/" in file else f"chapters/{file}" for file in LINK.findall(text))
    return [file for file in files if file.startswith(start)]


def faulty_plan(text: str, chapters: list[str], exercises: list[str]) -> list[str]:
    """A plan of twelve weeks has every chapter and every exercise once, in order, an exercise with its chapter."""
    weeks = re.findall(r"^Week (\d+)\n((?:: .*\n)+)", text, re.M)
    problems = [] if [int(number) for number, _ in weeks] == list(range(1, 13)) else ["not the weeks 1 to 12"]
    for kind, start, files in (("chapters", "chapters/", chapters), ("exercises", "exercises/", exercises)):
        if (found := [file for _, week in weeks for file in links(week, start)]) != files:
            problems.append(f"{kind}: {found}, in _toc.yml {files}")
    for number, week in weeks:
        topics = {Path(file).name for file in links(week, "chapters/")}
        if stray := {Path(file).name for file in links(week, "exercises/")} - topics:
            problems.append(f"week {number}: {stray} without its chapter")
    return problems


def test_the_plan_has_every_chapter_and_exercise_once() -> None:
    assert faulty_plan(PLAN.read_text("utf-8"), CHAPTERS, EXERCISES) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Week 12", "Week 13"),
        ("[04 Data](04_data.ipynb)", "[05 Loss](05_loss.ipynb)"),
        ("(../exercises/release/04_data/04_data.ipynb)", "(../exercises/index.md)"),
        ("Week 5\n", "(no week)\n"),
        (": Read [09 ", ": Skip\n\n: Read [09 "),
    ],
)
def test_a_faulty_plan_is_found(old: str, new: str) -> None:
    text = PLAN.read_text("utf-8")
    assert old in text
    assert faulty_plan(text.replace(old, new), CHAPTERS, EXERCISES) != []


def stale_times(text: str, minutes: dict[str, int]) -> list[str]:
    """Chapters whose stated minutes are missing, or more than one step of the rounding off what is counted."""
    stated = reading_times.stated(text)
    return [f"{name}: {stated.get(name)} min, counted {counted}; run tools/reading_times.py"
            for name, counted in minutes.items() if abs(stated.get(name, 0) - counted) > 5]  # fmt: skip


def test_reading_times_are_counted() -> None:
    minutes = {Path(file).name: reading_times.minutes(ROOT / f"{file}.ipynb") for file in CHAPTERS}
    plan, *parts = (page.read_text("utf-8") for page in reading_times.pages())
    for text in (plan, "".join(parts)):
        assert stale_times(text, minutes) == []
        assert stale_times(text.replace("min", "h"), minutes) != []
        assert stale_times(text, minutes | {"04_data": minutes["04_data"] + 10}) != []
    weeks = re.findall(r"^Week \d+\n((?:: .*\n)+)", plan, re.M)
    reading = [sum(reading_times.stated(week).values()) for week in weeks]
    doing = [len(links(week, "exercises/")) for week in weeks]
    assert min(r + 75 * d for r, d in zip(reading, doing, strict=True)) >= 120
    assert max(r + 90 * d for r, d in zip(reading, doing, strict=True)) <= 330
    assert "between 2 and 5½ hours" in plan


def test_reading_time_of_a_small_notebook(tmp_path: Path) -> None:
    picture = {"data": {"image/png": "…"}}
    figure = {"data": {"text/html": ['<figure class="dnn-', 'frames">']}}
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "source": ["word " * 1000, "\n$$ x\n= 1 $$\n", "[word](a_long_address.md)"]},
        {"cell_type": "code", "source": "\n\n".join(["line"] * 40), "metadata": {}, "outputs": [picture, figure]},
        {"cell_type": "code", "source": "line\n" * 9000, "metadata": {"tags": ["hide-input"]}, "outputs": []},
    ]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    assert reading_times.minutes(tmp_path / "a.ipynb") == 10  # 5.0 + 0.5 + 2.0 + 0.25 + 2.0


def test_every_part_has_a_page_that_names_its_chapters_and_exercises() -> None:
    parts = [part for part in CONTENTS["parts"] if part["caption"].startswith("Part ")]
    landing = (ROOT / "index.md").read_text("utf-8")
    for number, part in enumerate(parts, 1):
        page, *chapters = [entry["file"] for entry in part["chapters"]]
        text = (ROOT / f"{page}.md").read_text("utf-8")
        assert text.startswith(f"# {part['caption']}\n")
        assert page.startswith(f"chapters/part_{number}_")
        assert links(text, "chapters/")[: len(chapters)] == chapters
        numbers = {Path(file).name for file in chapters}
        assert links(text, "exercises/") == [file for file in EXERCISES if Path(file).name in numbers]
        assert f":link: {page}\n" in landing
    assert [e["file"] for part in parts for e in part["chapters"] if "/part_" not in e["file"]] == CHAPTERS
    assert [
        f"chapters/{name}" for name in re.findall(r"^\| \d\d \| \[.*?\]\(chapters/(\w+)", landing, re.M)
    ] == CHAPTERS


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_says_what_for_whom_and_where_to_start(
    chromium: Browser, site: str, width: int, height: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": height})
    page.goto(f"{site}/index.html")
    seen = ["article h1", ".dnn-hero p >> nth=0", ".dnn-start", "img.dnn-cover"] + [".dnn-parts >> nth=0"] * (
        width > height
    )
    boxes = {name: page.locator(name).first.bounding_box() for name in seen}
    assert {name: box for name, box in boxes.items() if not box or box["y"] + box["height"] > height} == {}
    page.locator(".dnn-start").click()
    page.wait_for_url("**/chapters/00_introduction.html")
    page.close()


def test_the_picture_shows_what_a_network_answered() -> None:
    image, y_hat, _, _ = reader()
    assert image.shape == (64,)
    assert y_hat.argmax() == DIGIT == 3
    assert y_hat[DIGIT] > 0.9
    assert np.isclose(y_hat.sum(), 1)
    alt = re.search(r":alt: (.*)", (ROOT / "index.md").read_text("utf-8"))
    assert alt
    assert "handwritten 3" in alt[1]
    assert (ROOT / "_static" / "cover.svg").stat().st_size < 150_000


# What a page weighs.


def weight(folder: Path, name: str, page: Page) -> int:
    """Bytes that a host such as GitHub Pages sends for a page beyond `_static/`: text gzipped, pictures as they are."""
    loaded = [tag["src"] for tag in page.soup.find_all(src=True)]
    loaded += [tag["href"] for tag in page.soup.find_all("link", rel=["stylesheet", "icon", "preload"], href=True)]
    local = {unquote(urlsplit(link).path) for link in map(str, loaded) if not urlsplit(link).scheme}
    files = {(folder / name).parent.joinpath(path).resolve() for path in local} - {folder / name}
    own = [file for file in files if file.is_file() and not file.is_relative_to(folder / "_static")]
    return sum(map(sent, [folder / name, *own]))


def sent(file: Path) -> int:
    """Bytes on the way to the reader."""
    data = file.read_bytes()
    return len(gzip.compress(data, 6)) if file.suffix in {".html", ".css", ".js", ".json", ".svg"} else len(data)


def test_no_page_is_heavy() -> None:
    weights = {name: weight(SITE, name, page) for name, page in built().items()}
    assert {name: size for name, size in weights.items() if size > MOST} == {}
    assert max(weights.values()) > 100_000  # pictures are counted


def test_a_heavy_page_is_found(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).bytes(MOST)
    (tmp_path / "_static").mkdir()
    for name in ("_static/theme.css", "picture.png", "script.js"):
        (tmp_path / name).write_bytes(noise)
    page = '<link rel="stylesheet" href="_static/theme.css"><img src="{}"><script src="{}"></script>'

    def heavy(html: str) -> bool:
        (tmp_path / "page.html").write_text(html, "utf-8")
        return weight(tmp_path, "page.html", Page(html)) > MOST

    assert not heavy(page.format("missing.png", "_static/theme.css"))
    assert heavy(page.format("picture.png", "missing.js"))
    assert heavy(page.format("missing.png", "script.js?v=1"))
    assert heavy(f"<p>{noise.hex()}</p>")
