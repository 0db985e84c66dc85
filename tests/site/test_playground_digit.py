"""The digit playground of chapter 12 computes what dnnlib computes, and reads digits that are drawn in a browser."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from browser import Visit, serve_pages, visiting
from checks import accessibility, complaints, outside_requests, overflow, poor_alt_text
from playwright.sync_api import Browser

import dnnlib as dnn
from dnnlib.figures import DigitPlayground

Point = tuple[float, float]
Strokes = list[list[Point]]
Box = tuple[float, float, float, float]

CHAPTER = Path(__file__).resolve().parents[2] / "chapters" / "12_hello_world.ipynb"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Digit</title><link rel="icon" href="data:,"><style>:root {{ color-scheme: light dark; }}</style>
<main><h1>Digit</h1>{}<p style="height: 2000px">The end.</p></main>"""
ELEMENT = "const play = document.querySelector('dnn-digit');"
WEIGHTS = re.compile(r"(?<=data:application/x-float32;base64,)[\w+/=]+")
PLACES: dict[str, Box] = {
    "large": (60, 20, 130, 205),
    "small, in a corner": (150, 150, 62, 92),
}  # left, top, width, height


def arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Part of an ellipse, by angles in degrees: 0 is to the right, 90 is down."""
    angles = np.deg2rad(np.linspace(start, end, 10))
    return [(x + rx * np.cos(angle), y + ry * np.sin(angle)) for angle in angles]


# Digits as people draw them, in a box of width and height 1.
DRAWINGS: dict[str, Strokes] = {
    "0": [arc(0.5, 0.5, 0.38, 0.5, -90, 270)],
    "1, a bar": [[(0.5, 0), (0.5, 1)]],
    "1 with a flag": [[(0.3, 0.25), (0.5, 0), (0.5, 1)]],
    "1 with a foot": [[(0.3, 0.25), (0.5, 0), (0.5, 1)], [(0.28, 1), (0.72, 1)]],
    "2": [[*arc(0.5, 0.28, 0.35, 0.28, -180, 20), (0.15, 1), (0.9, 1)]],
    "3": [arc(0.45, 0.25, 0.33, 0.25, -150, 90) + arc(0.45, 0.75, 0.38, 0.25, -90, 150)],
    "4, open": [[(0.2, 0), (0.15, 0.55), (0.85, 0.55)], [(0.7, 0), (0.7, 1)]],
    "4, closed": [[(0.65, 0), (0.1, 0.68), (0.9, 0.68)], [(0.65, 0), (0.65, 1)]],
    "5": [[(0.8, 0), (0.25, 0), (0.2, 0.42), *arc(0.47, 0.68, 0.36, 0.31, -130, 150)]],
    "6": [[(0.7, 0), (0.4, 0.2), (0.2, 0.55), *arc(0.5, 0.72, 0.32, 0.28, 180, -180)]],
    "7": [[(0.1, 0), (0.85, 0), (0.4, 1)]],
    "7 with a bar": [[(0.1, 0), (0.85, 0), (0.4, 1)], [(0.25, 0.5), (0.8, 0.5)]],
    "8": [arc(0.5, 0.25, 0.28, 0.25, 90, 450), arc(0.5, 0.75, 0.34, 0.25, -90, 270)],
    "9, curved": [arc(0.48, 0.28, 0.3, 0.28, 0, -360) + arc(0.4, 0.55, 0.38, 0.45, -20, 130)],
    "9, straight": [[*arc(0.48, 0.28, 0.3, 0.28, 0, -360), (0.78, 1)]],
}


def slanted(strokes: Strokes) -> Strokes:
    return [[(x + 0.3 * (1 - y), y) for x, y in stroke] for stroke in strokes]


def thick(strokes: Strokes) -> Strokes:
    """Each stroke twice, side by side."""
    return [[(x + shift, y) for x, y in stroke] for stroke in strokes for shift in (0, 0.07)]


def stored() -> tuple[str, str]:
    """The playground in chapter 12, and all that its cells have printed."""
    outputs = [o for cell in nbformat.read(CHAPTER, as_version=4).cells for o in cell.get("outputs", [])]
    html = [output.get("data", {}).get("text/html", "") for output in outputs]
    (playground,) = (text for text in html if text.startswith("<dnn-digit"))
    return playground, "".join(output.get("text", "") for output in outputs)


def weights(html: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(WEIGHTS.findall(html)[0]), "<f4")


def pages() -> dict[str, str]:
    good, _ = stored()
    uncentred = good.replace("(left + right) / 2", "128").replace("(top + bottom) / 2", "128")
    shuffled = WEIGHTS.sub(base64.b64encode(weights(good)[::-1].tobytes()).decode(), good)
    assert len({good, uncentred, shuffled}) == 3
    return {"good": good, "uncentred": uncentred, "shuffled": shuffled}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_pages(tmp_path_factory.mktemp("digit"), {k: PAGE.format(html) for k, html in pages().items()}) as url:
        yield url


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    with visiting(chromium, f"{address}/good.html") as visit:
        yield visit
        assert complaints(visit) == []


def held_out() -> tuple[np.ndarray, np.ndarray]:
    return dnn.data.random_split(*dnn.data.digits(), [1000, 297, 500], rng=0)[2]


def differences(visit: Visit) -> list[str]:
    """Where the page answers otherwise than dnnlib with the chapter's weights, or counts otherwise than the chapter."""
    html, printed = stored()
    model = dnn.mlp(64, 64, 64, 10, dtype="float64")
    model.theta = weights(html)
    x, y = held_out()
    logits = model.predict(x)
    logits_of_page = "play.digits.map(image => [...play.reader.forward(image).at(-1)])"
    score = "play.shadowRoot.querySelector('.score').textContent"
    found = ask(visit, f"{{ logits: {logits_of_page}, wrong: play.wrong, score: {score} }}")
    right = int((logits.argmax(axis=1) == y).sum())
    problems = []
    if (gap := np.abs(np.array(found["logits"]) - logits).max()) > 1e-6:
        problems.append(f"the logits differ by {gap:g}")
    if (wrong := np.flatnonzero(logits.argmax(axis=1) != y).tolist()) != found["wrong"]:
        problems.append(f"other digits are misread: {found['wrong']}, not {wrong}")
    said = f"Of {len(y)} held-out digits it reads {right} right"
    if f"test: {right} of {len(y)} right" not in printed or said not in found["score"]:
        problems.append(f"{right} are right, and the page says: {found['score']}")
    return problems


def draw(visit: Visit, strokes: Strokes, box: Box) -> None:
    """Draw with the mouse on an empty canvas."""
    ask(visit, "play.start()")
    for stroke in placed(visit, strokes, box):
        visit.page.mouse.move(*stroke[0])
        visit.page.mouse.down()
        for point in stroke[1:]:
            visit.page.mouse.move(*point)
        visit.page.mouse.up()


def placed(visit: Visit, strokes: Strokes, box: Box) -> Strokes:
    """The strokes in a part of the canvas, in pixels of the window."""
    canvas = visit.page.locator("canvas.page").bounding_box()
    assert canvas is not None
    left, top, width, height = canvas["x"] + box[0], canvas["y"] + box[1], box[2], box[3]
    return [[(left + width * x, top + height * y) for x, y in stroke] for stroke in strokes]


def words(visit: Visit) -> str:
    """What the canvas's label says: it changes at once, and the line that is read out when the hand rests."""
    return (visit.page.locator("canvas.page").get_attribute("aria-label") or "").replace("\u00a0", " ")


def ask(visit: Visit, expression: str) -> Any:
    """The value of an expression about the playground, `play`."""
    return visit.page.evaluate(f"() => {{ {ELEMENT} return {expression}; }}")


def answer(visit: Visit) -> int:
    return ask(visit, "play.answer.ranking[0]")


def misread(visit: Visit, drawings: dict[str, Strokes], places: dict[str, Box]) -> list[str]:
    found = []
    for name, strokes in drawings.items():
        for place, box in places.items():
            draw(visit, strokes, box)
            if answer(visit) != int(name[0]):
                found.append(f"{name}, {place}: {words(visit)}")
    return found


def test_the_page_computes_what_dnnlib_and_the_chapter_computed(visit: Visit) -> None:
    assert differences(visit) == []


def test_other_weights_are_found(chromium: Browser, address: str) -> None:
    with visiting(chromium, f"{address}/shuffled.html") as visit:
        assert len(differences(visit)) == 3


def test_drawn_digits_are_read_in_every_size_and_place(visit: Visit) -> None:
    assert {name[0] for name in DRAWINGS} == set("0123456789")
    assert misread(visit, DRAWINGS, PLACES) == []


def test_slanted_and_thick_digits_are_read(visit: Visit) -> None:
    for change in (slanted, thick):
        drawings = {name: change(DRAWINGS[name]) for name in ("2", "4, closed", "7 with a bar")}
        assert misread(visit, drawings, {change.__name__: PLACES["large"]}) == []


def test_without_centring_digits_in_a_corner_are_misread(chromium: Browser, address: str) -> None:
    corner = {"corner": PLACES["small, in a corner"]}
    with visiting(chromium, f"{address}/uncentred.html") as visit:
        assert len(misread(visit, {name: DRAWINGS[name] for name in ("0", "2", "6")}, corner)) >= 2


def test_a_finger_draws_and_the_page_stays(visit: Visit) -> None:
    finger = visit.page.context.new_cdp_session(visit.page)

    def touch(kind: str, *points: Point) -> None:
        where = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    for stroke in placed(visit, DRAWINGS["4, closed"], PLACES["large"]):
        touch("touchStart", stroke[0])
        for point in stroke[1:]:
            touch("touchMove", point)
        touch("touchEnd")
    assert (answer(visit), visit.page.evaluate("scrollY")) == (4, 0)


def test_the_keyboard_draws(visit: Visit) -> None:
    keyboard = visit.page.keyboard
    keyboard.press("Tab")
    for key in ["ArrowLeft"] * 6 + ["ArrowUp"] * 4 + ["Space"] + ["ArrowRight"] * 12:
        keyboard.press(key)
    visit.page.locator(".say", has_text="Pen down.").wait_for()
    keyboard.down("ArrowDown")
    for _ in range(6):  # two keys at once: slanting
        keyboard.press("ArrowLeft")
        keyboard.down("ArrowDown")
    keyboard.up("ArrowDown")
    for _ in range(6):
        keyboard.press("ArrowDown")
    keyboard.press("Space")
    keyboard.press("ArrowLeft")  # the pen is up: this draws nothing
    strokes = ask(visit, "play.strokes")
    assert (len(strokes), strokes[0][0], answer(visit)) == (1, [80, 32], 7)
    assert strokes[0][-1][1] - strokes[0][0][1] > 100
    keyboard.press("Tab")
    assert ask(visit, "play.shadowRoot.activeElement.textContent") == "Clear"


def test_between_two_digits_it_says_that_it_is_unsure(visit: Visit) -> None:
    said = {}
    for x in np.linspace(0.2, 0.8, 6):  # an open 4 becomes a 9 as its top closes
        draw(visit, [[(x, 0), (0.2, 0), (0.2, 0.5), (0.8, 0.5)], [(0.8, 0), (0.8, 1)]], PLACES["large"])
        said[words(visit)] = visit.page.locator(".bars .chosen").count()
    unsure = [
        re.fullmatch(r"Drawing area for one digit\. It is unsure: (\d) \(\d+ %\) or (\d) \(\d+ %\)\.", text)
        for text in said
    ]
    assert any(found and set(found.groups()) == {"4", "9"} for found in unsure), said
    assert all(count == (2 if "unsure" in text else 1) for text, count in said.items())


def test_its_mistakes_are_shown_and_named(visit: Visit) -> None:
    wrong = ask(visit, "play.wrong.map(k => [k + 1, play.labels[k]])")
    for number, label in wrong:
        visit.page.get_by_role("button", name="Show one it gets wrong").click()
        assert f"Test digit {number}, labelled {label}." in words(visit)
        assert words(visit).endswith("Wrong.")
    visit.page.get_by_role("button", name="Show a test digit").click()
    assert "Test digit 1, labelled" in words(visit)


def test_clear_and_undo_take_away(visit: Visit) -> None:
    assert "Nothing is drawn yet." in words(visit)
    draw(visit, DRAWINGS["7 with a bar"], PLACES["large"])
    active = visit.page.locator("figcaption").nth(1)
    assert "active" in active.inner_text()
    visit.page.get_by_role("button", name="Undo").click()
    assert (answer(visit), ask(visit, "play.strokes.length")) == (7, 1)
    visit.page.get_by_role("button", name="Clear").click()
    visit.page.locator(".say", has_text="Nothing is drawn yet.").wait_for()
    assert visit.page.locator(".bars .chosen").count() == 0
    assert "active" not in active.inner_text()
    visit.page.mouse.click(*placed(visit, [[(0.5, 0.5)]], PLACES["large"])[0][0])
    assert "Too small to read" in words(visit)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_fits_and_asks_nobody(chromium: Browser, address: str, theme: str) -> None:
    with visiting(chromium, f"{address}/good.html", theme) as visit:
        draw(visit, DRAWINGS["3"], PLACES["large"])
        for check in (accessibility, poor_alt_text, overflow, outside_requests, complaints):
            assert check(visit) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": "no model"}, "model must be a dnnlib"),
        ({"model": dnn.Sequential(dnn.Dense(64, 10), dnn.ReLU())}, "layer 1 is ReLU"),
        ({"model": dnn.Sequential(dnn.Dense(64, 8), dnn.Dropout(0.5), dnn.Dense(8, 10))}, "layer 1 is Dropout"),
        ({"model": dnn.Sequential(dnn.Dense(64, 10, bias=False))}, "layer 0 is Dense"),
        ({"model": dnn.mlp(784, 8, 10)}, r"64 pixels to 10 logits, got \(784, 10\)"),
        ({"model": dnn.mlp(64, 8, 10, dtype="float64")}, "round it before you measure"),
        ({"x": np.zeros((3, 784))}, "shape"),
        ({"x": np.full((3, 64), 0.3)}, "values from 0.3 to 0.3"),
        ({"y": np.array([0, 1, 10])}, "3 integers from 0 to 9"),
        ({"sure": 1.0}, "sure must lie in"),
    ],
)
def test_what_the_page_cannot_run_is_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises((TypeError, ValueError), match=says):
        DigitPlayground(**({"model": dnn.mlp(64, 8, 10), "x": np.zeros((3, 64)), "y": np.zeros(3, int)} | change))
