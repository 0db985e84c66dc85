"""Every page of the built site, in a real browser, in light and in dark."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from checks import (
    CHECKS,
    Visit,
    accessibility,
    complaints,
    outside_requests,
    still_figures,
    stray_addresses,
    unrendered_mathematics,
    visiting,
    wrong_launch_links,
)
from keyboard import unreachable
from pictures import shared_alt_texts
from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
PAGES = sorted(
    page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html") if "_static" not in page.relative_to(SITE).parts
)
# What colours can change; the rest is the same in both themes.
IN_THE_DARK = [accessibility, unreachable, complaints]
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]


@pytest.fixture(scope="module")
def visit(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Visit]:
    page, theme = request.param
    with visiting(chromium, f"{site}/{page}", theme) as visit:
        assert visit.page.evaluate("document.documentElement.dataset.theme") == theme
        yield visit


def every_page(theme: str) -> pytest.MarkDecorator:
    """A visit to each page, one after the other."""
    visits = [(page, theme) for page in PAGES]
    return pytest.mark.parametrize("visit", visits, ids=PAGES, indirect=True, scope="module")


@every_page("light")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_page(visit: Visit, check: Callable[[Visit], list[str]]) -> None:
    assert check(visit) == []


@every_page("dark")
@pytest.mark.parametrize("check", IN_THE_DARK, ids=lambda check: check.__name__)
def test_page_in_the_dark(visit: Visit, check: Callable[[Visit], list[str]]) -> None:
    assert check(visit) == []


@pytest.mark.parametrize("page", ["index.html", "chapters/01_perceptron.html"])
def test_the_site_works_from_the_disk(chromium: Browser, page: str) -> None:
    with visiting(chromium, (SITE / page).as_uri()) as visit:
        for check in (unrendered_mathematics, still_figures, outside_requests, complaints):
            assert check(visit) == []


def test_two_pictures_never_have_the_same_words() -> None:
    assert shared_alt_texts(SITE) == []


def test_search_finds_the_perceptron(chromium: Browser, site: str) -> None:
    with visiting(chromium, f"{site}/search.html?q=perceptron") as visit:
        first = visit.page.locator("#search-results li a[href*='chapters/01_perceptron.html']").first
        first.wait_for(timeout=5000)
        assert outside_requests(visit) + complaints(visit) == []


@pytest.mark.parametrize("page", PAGES)
def test_launch_buttons_open_the_notebook(page: str) -> None:
    notebook = Path(page).with_suffix(".ipynb").as_posix()
    html = (SITE / page).read_text("utf-8")
    assert wrong_launch_links(html, notebook if (ROOT / notebook).exists() else None, REPOSITORY) == []


def test_the_repository_address_is_one_setting() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    files = [path for name in listed if name and (path := ROOT / name).is_file()]
    assert ROOT / "_config.yml" in files
    stray = {str(path): stray_addresses(path.read_text("utf-8", errors="replace"), REPOSITORY) for path in files}
    assert {path: addresses for path, addresses in stray.items() if addresses} == {}
