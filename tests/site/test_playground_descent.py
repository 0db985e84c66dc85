"""The descent playground: its numbers are dnnlib's, and a reader can use it by mouse, finger and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from checks import CHECKS, Visit, serve, visiting
from playwright.sync_api import Browser, Page

import dnnlib as dnn
from dnnlib.figures import DescentPlayground
from dnnlib.figures.playgrounds.descent import OPTIMIZERS, TRACKS
from dnnlib.optimizers import Optimizer
from dnnlib.surfaces import BOWL, VALLEY

CHAPTER = Path(__file__).parents[2] / "_build" / "html" / "chapters" / "06_gradient_descent.html"
STEPS = 60
# The rate, the momentum as the script has it, and the optimizer in Python.
REFERENCE: dict[str, tuple[dict[str, float], Callable[[], Optimizer]]] = {
    "SGD": ({"lr": 0.01}, lambda: dnn.SGD(lr=0.01)),
    "Momentum": ({"lr": 0.005, "momentum": 0.8}, lambda: dnn.SGD(lr=0.005, momentum=0.8)),
    "Nesterov": ({"lr": 0.005, "momentum": 0.8}, lambda: dnn.SGD(lr=0.005, momentum=0.8, nesterov=True)),
    "Adagrad": ({"lr": 0.5}, lambda: dnn.Adagrad(lr=0.5)),
    "RMSprop": ({"lr": 0.02}, lambda: dnn.RMSprop(lr=0.02)),
    "Adadelta": ({"lr": 5.0}, lambda: dnn.Adadelta(lr=5.0)),
    "Adam": ({"lr": 0.1, "beta1": 0.8}, lambda: dnn.Adam(lr=0.1, betas=(0.8, 0.999))),
    "AdamW": ({"lr": 0.1}, lambda: dnn.AdamW(lr=0.1)),
    "NAdam": ({"lr": 0.1, "beta1": 0.8}, lambda: dnn.NAdam(lr=0.1, betas=(0.8, 0.999))),
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A page</title><link rel="icon" href="data:,"><style>:root {color-scheme: light dark}</style>
<main><h1>A page</h1><article>%s</article></main></html>"""


@contextmanager
def opened(browser: Browser, folder: Path, html: str, theme: str = "light") -> Iterator[Visit]:
    """A page that holds the playground and nothing else."""
    (folder / "index.html").write_text(PAGE % html, encoding="utf-8")
    with serve(folder) as address, visiting(browser, f"{address}/index.html", theme) as visit:
        yield visit


@pytest.fixture(scope="module")
def untouched(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """For tests that only compute with what the page defines."""
    with opened(chromium, tmp_path_factory.mktemp("page"), DescentPlayground("valley", lr=0.07).html()) as visit:
        yield visit.page


@pytest.fixture
def page(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """In the valley with SGD at 0.07, which converges. Nothing may go wrong meanwhile."""
    with opened(chromium, tmp_path, DescentPlayground("valley", lr=0.07).html()) as visit:
        yield visit.page
        assert not visit.complaints


def seen(page: Page) -> str:
    """What is said of the picture, at once."""
    return page.locator("dnn-descent canvas[role=img]").first.get_attribute("aria-label")


def pixels(page: Page) -> str:
    return page.locator("dnn-descent canvas[role=img]").first.evaluate("canvas => canvas.toDataURL()")


def move(page: Page, slider: str, value: float) -> None:
    page.get_by_label(slider, exact=True).fill(str(value))


def wrong_paths(page: Page) -> list[str]:
    """The optimizers and surfaces on which the script's path is not dnnlib's."""
    options = {name: options for name, (options, _) in REFERENCE.items()}
    starts = {name: start for name, (_, start) in TRACKS.items()}
    paths = page.evaluate(
        """([options, starts, steps]) => Object.entries(options).flatMap(([name, given]) =>
            Object.entries(starts).map(([surface, start]) =>
                [name, surface, customElements.get('dnn-descent').path(surface, name, given, start, steps)]))""",
        [options, starts, STEPS],
    )
    assert len(paths) == len(OPTIMIZERS) * len(TRACKS)
    wrong = []
    for name, surface, path in paths:
        expected = TRACKS[surface][0].descend(REFERENCE[name][1](), TRACKS[surface][1], STEPS)
        assert len(expected) == STEPS + 1, f"{name} on {surface} diverges: compare at a smaller rate"
        if len(path) != len(expected) or np.abs(path - expected).max() > 1e-9 * np.abs(expected).max():
            wrong.append(f"{name} on {surface}")
    return wrong


def test_every_path_is_that_of_dnnlib(untouched: Page) -> None:
    assert wrong_paths(untouched) == []


def test_a_wrong_rule_is_found(chromium: Browser, tmp_path: Path) -> None:
    html, rule = DescentPlayground().html(), "(nesterov ? grad[i] + momentum * velocity[i] : velocity[i])"
    assert html.count(rule) == 1
    with opened(chromium, tmp_path, html.replace(rule, "velocity[i]")) as visit:
        assert wrong_paths(visit.page) == [f"Nesterov on {surface}" for surface in TRACKS]


def test_defaults_are_those_of_dnnlib(untouched: Page) -> None:
    """With the rate alone given, all else is the optimizer's default."""
    for name in ("Momentum", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "NAdam"):
        optimizer = dnn.SGD(lr=0.01, momentum=0.9) if name == "Momentum" else getattr(dnn, name)(lr=0.01)
        path = untouched.evaluate(
            "name => customElements.get('dnn-descent').path('bowl', name, {lr: 0.01}, [-2, 1], 9)", name
        )
        np.testing.assert_allclose(path, BOWL.descend(optimizer, (-2, 1), 9), rtol=1e-12)


def test_a_diverging_path_ends_where_that_of_dnnlib_ends(untouched: Page) -> None:
    path = untouched.evaluate("customElements.get('dnn-descent').path('bowl', 'SGD', {lr: 10}, [1, 1], 1000)")
    expected = BOWL.descend(dnn.SGD(lr=10), (1.0, 1.0), 1000)
    assert len(path) < 1001
    np.testing.assert_allclose(np.array(path, dtype=float), expected, rtol=1e-9)


def test_surfaces_are_those_of_dnnlib(untouched: Page) -> None:
    names = untouched.evaluate("Object.keys(customElements.get('dnn-descent').surfaces)")
    assert names == list(TRACKS)
    points = np.random.default_rng(0).uniform(-2, 2, (20, 2))
    for name, (surface, _) in TRACKS.items():
        losses, gradients, at_minimum = untouched.evaluate(
            """([name, points]) => {
                const {loss, gradient} = customElements.get('dnn-descent').surfaces[name];
                const {minimum} = document.querySelector('dnn-descent').given.surfaces[name];
                return [points.map(p => loss(...p)), points.map(p => gradient(...p)), gradient(...minimum)];
            }""",
            [name, points.tolist()],
        )
        np.testing.assert_allclose(losses, surface.loss(*points.T), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(gradients, np.transpose(surface.gradient(*points.T)), rtol=1e-12, atol=1e-12)
        assert np.abs(at_minimum).max() < 1e-12


def test_it_says_what_dnnlib_computes_when_the_hand_rests(page: Page) -> None:
    end = VALLEY.descend(dnn.SGD(lr=0.07), (-5.0, 1.5), STEPS)[-1]
    assert f"L = {VALLEY.loss(*end):.3g} at ({end[0]:.3g}, ".replace("-", "−") in seen(page)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    status = page.locator("dnn-descent").get_by_role("status")
    first = status.inner_text()
    assert first in seen(page)
    for rate in (10, 20, 30):
        move(page, "learning rate η", rate)
        page.clock.run_for(100)
        assert status.inner_text() == first
    page.clock.run_for(300)
    assert status.inner_text() != first
    assert status.inner_text() in seen(page)


def test_a_click_a_drag_and_keys_move_the_start(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    box = page.get_by_role("application")
    at = box.bounding_box()
    shown = [pixels(page)]

    def moved() -> tuple[float, float]:
        shown.append(pixels(page))
        return tuple(float(page.get_by_label(f"start θ{i}").input_value()) for i in "₁₂")

    centre = -2.0, 0.0  # of the valley's picture, as dnnlib's limits say
    x, y = at["width"] / 2, at["height"] / 2
    box.click(position={"x": x, "y": y})
    assert moved() == pytest.approx(centre, abs=0.02)
    page.mouse.move(at["x"] + x, at["y"] + y)
    page.mouse.down()
    page.mouse.move(at["x"] + x + 50, at["y"] + y - 60)
    assert np.all(np.subtract(moved(), centre) > 0.3)
    page.mouse.up()
    a, b = moved()
    box.press("ArrowLeft")
    box.press("Shift+ArrowUp")
    assert moved() == pytest.approx((a - 0.1, b + 0.01), abs=1e-9)
    assert len({*shown[:3], shown[-1]}) == 4
    assert f"From ({a - 0.1:.3g}, {b + 0.01:.3g})".replace("-", "−") in seen(page)


def test_a_tap_moves_the_start_on_a_narrow_screen(chromium: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE % DescentPlayground("valley").html(), encoding="utf-8")
    phone = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    with phone, serve(tmp_path) as address:
        page = phone.new_page()
        page.goto(address)
        at = page.get_by_role("application").bounding_box()
        page.touchscreen.tap(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
        assert float(page.get_by_label("start θ₁").input_value()) == pytest.approx(-2, abs=0.03)
        assert "From (−5, 1.5)" not in seen(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_divergence_is_seen_and_said(page: Page) -> None:
    """At the border 2/25 the path jumps to and fro for ever; a little above it diverges."""
    index = page.get_by_label("learning rate η")
    texts, pictures = {}, []
    while (rate := index.get_attribute("aria-valuetext")) != "0.082":
        texts[rate] = seen(page)
        pictures.append(pixels(page))
        index.press("ArrowRight")
    assert "diverges" not in texts["0.079"] + texts["0.08"]
    assert "SGD diverges: it leaves the picture at step" in seen(page)
    assert len(set(pictures)) == len(pictures)
    move(page, "learning rate η", 380)
    assert "its numbers overflow at step" in seen(page)
    assert "diverges" in page.locator("dnn-descent canvas[role=img]").last.get_attribute("aria-label")


def test_the_floor_alone_bears_a_larger_rate(page: Page) -> None:
    """What the reader of chapter 06 is asked to find: on the floor the border is 2, and not 2/25."""
    for rate, diverges in ((190, False), (270, False), (281, True)):  # 0.11, 1.0, 2.1
        move(page, "start θ₂", 0)
        move(page, "learning rate η", rate)
        assert ("diverges" in seen(page)) == diverges
    move(page, "learning rate η", 190)
    move(page, "start θ₂", 0.01)
    assert "diverges" in seen(page)


def test_a_played_path_grows_and_stands_still_for_those_who_want_that(page: Page) -> None:
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    whole = pixels(page)
    button = page.get_by_role("button", name="Play the steps")
    button.click()
    begun = pixels(page)
    page.clock.run_for(900)
    half = pixels(page)
    page.clock.run_for(1500)
    assert len({begun, half, whole}) == 3
    assert pixels(page) == whole
    page.emulate_media(reduced_motion="reduce")
    button.click()
    assert pixels(page) == whole


def test_it_works_by_tabbing_alone(page: Page) -> None:
    names = []
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            """() => { const e = document.querySelector('dnn-descent').shadowRoot.activeElement;
                return e && (e.ariaLabel ?? e.labels?.[0]?.textContent ?? e.textContent); }"""
        )
        if focused is None:
            break
        names.append(focused)
        if focused.startswith("Other optimizers"):
            page.keyboard.press("Enter")
        if focused in ("SGD", "Adam"):
            page.keyboard.press("Space")
    assert focused is None, "the focus never leaves"
    assert any(name.startswith("Start of the descent") for name in names)
    assert {"Play the steps", "learning rate η", "steps", "start θ₁", "start θ₂", *OPTIMIZERS} <= set(names)
    text = seen(page)
    assert "Adam ends" in text
    assert "SGD" not in text


def test_each_optimizer_has_its_rate_and_momentum_moves_those_that_have_it(chromium: Browser, tmp_path: Path) -> None:
    given = DescentPlayground("valley", ["Adam", "SGD", "Momentum"], lr=0.02, momentum=0.5)
    with opened(chromium, tmp_path, given.html()) as visit:
        page, lines = visit.page, lambda: seen(visit.page).splitlines()[1:]
        before = lines()
        move(page, "η of Momentum", 181)
        rate = lines()
        move(page, "momentum μ, β₁", 0.9)
        momentum = lines()
        for name in ("Momentum", "Adam"):
            page.get_by_label(name, exact=True).uncheck()
        assert page.get_by_label("momentum μ, β₁").is_disabled()
        page.get_by_label("SGD", exact=True).uncheck()
        assert lines() == ["choose an optimizer."]
        assert not visit.complaints
    assert [line.split()[0] for line in before] == ["SGD", "Momentum", "Adam"]
    assert [a == b for a, b in zip(before, rate, strict=True)] == [True, False, True]
    assert [a == b for a, b in zip(rate, momentum, strict=True)] == [True, False, False]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wrong_with_the_page(chromium: Browser, tmp_path: Path, theme: str) -> None:
    everything = DescentPlayground("Beale's function", OPTIMIZERS).html()
    with opened(chromium, tmp_path, everything, theme) as visit:
        problems = [problem for check in CHECKS for problem in check(visit)]
    assert not problems


@pytest.mark.skipif(not CHAPTER.exists(), reason="the book is not built")
def test_it_runs_in_the_chapter(chromium: Browser) -> None:
    with serve(CHAPTER.parents[1]) as address, visiting(chromium, f"{address}/chapters/{CHAPTER.name}") as visit:
        page = visit.page
        assert page.locator("dnn-descent").count() == 1
        assert "diverges" not in seen(page)
        move(page, "learning rate η", 200)
        assert "diverges" in seen(page)
