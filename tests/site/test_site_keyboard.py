"""The site without a mouse: what Tab reaches, what keys open and close, and where the focus is afterwards."""

from collections.abc import Iterator

import pytest
from browser import HEIGHT, NARROW, WIDE, Visit, visiting
from checks import accessibility
from keyboard import out_of_step
from playwright.sync_api import Browser

CHAPTER = "chapters/03_networks.html"  # with code, equations, moving figures, a playground and folded answers
EXERCISE = "exercises/release/01_perceptron/01_perceptron.html"  # a small page with every menu
MENUS = ".bd-header-article .dropdown-toggle"
SIDEBARS = {".primary-toggle": "#pst-primary-sidebar-modal", ".secondary-toggle": "#pst-secondary-sidebar-modal"}


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visit]:
    with visiting(chromium, f"{site}/{EXERCISE}") as visit:
        yield visit


def has_focus(visit: Visit, selector: str) -> bool:
    return visit.page.evaluate("selector => document.activeElement.matches(selector)", selector)


def is_open(visit: Visit, dialog: str) -> bool:
    return visit.page.locator(dialog).evaluate("dialog => dialog.open")


@pytest.mark.parametrize("page", ["index.html", CHAPTER, EXERCISE, "reference/layers.html"])
def test_tab_goes_from_each_thing_to_the_next(chromium: Browser, site: str, page: str) -> None:
    with visiting(chromium, f"{site}/{page}") as visit:
        assert out_of_step(visit) == []


def test_the_skip_link_skips(visit: Visit) -> None:
    visit.page.keyboard.press("Tab")
    link = visit.page.locator("#pst-skip-link a")
    assert has_focus(visit, "#pst-skip-link a")
    visit.page.wait_for_function("() => document.querySelector('#pst-skip-link').getBoundingClientRect().top >= 0")
    link.press("Enter")
    visit.page.keyboard.press("Tab")
    assert has_focus(visit, "#main-content *")


def test_folded_answers_open_by_enter_and_space(chromium: Browser, site: str) -> None:
    with visiting(chromium, f"{site}/{CHAPTER}") as visit:
        answer = visit.page.locator("article details").first
        answer.locator("summary").focus()
        states = []
        for key in ("Enter", "Enter", "Space"):
            visit.page.keyboard.press(key)
            states.append(answer.evaluate("details => details.open"))
    assert states == [True, False, True]


def test_menus_open_and_close(visit: Visit) -> None:
    menus = visit.page.locator(MENUS).all()
    assert len(menus) == 2, "launch and download"
    for menu in menus:
        menu.press("Enter")
        assert menu.get_attribute("aria-expanded") == "true"
        assert accessibility(visit) == []
        visit.page.keyboard.press("ArrowDown")
        assert has_focus(visit, ".dropdown-menu.show .dropdown-item")
        visit.page.keyboard.press("Escape")
        assert menu.get_attribute("aria-expanded") == "false"
        assert menu.evaluate("menu => menu === document.activeElement")


def test_the_theme_is_switched_and_the_focus_stays(visit: Visit) -> None:
    button = visit.page.locator(".bd-header-article .theme-switch-button")
    modes = set()
    for key in ("Enter", "Space", "Enter"):
        button.press(key)
        modes.add(visit.page.evaluate("document.documentElement.dataset.mode"))
        assert has_focus(visit, ".theme-switch-button")
    assert modes == {"auto", "light", "dark"}


@pytest.mark.parametrize(
    ("width", "button"), [(WIDE, ".search-button-field"), (NARROW, ".bd-header-article .search-button")]
)
def test_the_search_opens_and_closes(visit: Visit, width: int, button: str) -> None:
    visit.page.set_viewport_size({"width": width, "height": HEIGHT})
    for key in ("Enter", "Control+k"):
        visit.page.locator(button).first.press(key)
        assert is_open(visit, "#pst-search-dialog")
        assert has_focus(visit, "#pst-search-dialog input")
        visit.page.keyboard.press("Escape")
        assert not is_open(visit, "#pst-search-dialog")
        assert has_focus(visit, button)
    visit.page.keyboard.press("Control+k")
    assert accessibility(visit) == []


@pytest.mark.parametrize("toggle", SIDEBARS)
def test_sidebars_open_and_close_on_a_narrow_screen(visit: Visit, toggle: str) -> None:
    visit.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    button = visit.page.locator(toggle).first
    button.press("Enter")
    assert is_open(visit, SIDEBARS[toggle])
    assert has_focus(visit, f"{SIDEBARS[toggle]} *")
    assert accessibility(visit) == []
    visit.page.keyboard.press("Escape")
    assert not is_open(visit, SIDEBARS[toggle])
    assert has_focus(visit, toggle)
