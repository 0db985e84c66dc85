"""The site has the pages that it must have, whole, and nothing in them says that something went wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from static_checks import (
    ROOT,
    Page,
    Pages,
    built,
    complaints_of_cells,
    differences,
    incomplete,
    left_over,
    malformed,
    pages,
    without_page,
)

MANIFEST = pages.read_manifest(pages.MANIFEST.read_text("utf-8"))
CHECKS: list[Callable[[Page], list[str]]] = [left_over, complaints_of_cells, malformed]


def test_the_site_has_the_pages_of_the_manifest() -> None:
    assert differences(built(), MANIFEST) == []


def test_every_source_has_its_page() -> None:
    assert without_page(ROOT, {}) != []
    assert without_page(ROOT, MANIFEST) == []


def test_every_page_is_whole() -> None:
    assert [f"{name} {lack}" for name, page in built().items() for lack in incomplete(name, page)] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_page_is_clean(check: Callable[[Page], list[str]]) -> None:
    assert {name: problems for name, page in built().items() if (problems := check(page))} == {}


# The gates, shown what they must stop.

WORDS = "words of a page " * 20
ARTICLE = f'<h1>A title<a class="headerlink" href="#a-title">#</a></h1><p id="there">{WORDS}</p>'
HTML = "<html><head><title>A title - the course</title></head><body><article>{}</article></body></html>\n"
STDERR = '<div class="{}"><div class="output stderr"><pre>careful</pre></div></div>'
STDOUT = '<div class="cell"><div class="output stream"><pre>{}</pre></div></div>'


def site(**titles: str) -> Pages:
    return {f"{name}.html": Page(HTML.format(f"<h1>{title}</h1>{WORDS}")) for name, title in titles.items()}


def test_the_manifest_says_what_the_site_has() -> None:
    found = site(one="The first page", two="Two")
    text = pages.manifest(found)
    assert text.splitlines()[1:] == ["one.html  The first page", "two.html  Two"]
    assert differences(found, pages.read_manifest(text)) == []


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (site(one="One"), "two.html: missing"),
        (site(one="One", three="Three", two="Two"), "three.html: not in the manifest"),
        (site(one="One", two="2"), "two.html: is called '2', in the manifest 'Two'"),
    ],
)
def test_another_site_is_found(found: Pages, problem: str) -> None:
    (said,) = differences(found, {"one.html": "One", "two.html": "Two"})
    assert said.startswith(problem)


def test_a_source_without_a_page_is_found(tmp_path: Path) -> None:
    for name in (
        "chapters/01_a.ipynb",
        "chapters/appendix/b.md",
        "exercises/release/01_a/01_a.ipynb",
        "reference/c.md",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (said,) = without_page(
        tmp_path,
        dict.fromkeys(["chapters/01_a.html", "exercises/release/01_a/01_a.html", "reference/c.html"], "A title"),
    )
    assert said.startswith("chapters/appendix/b.html: no page")


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        (HTML.format(ARTICLE)[: -len("</html>\n")], "is cut off"),
        (HTML.format(ARTICLE).replace("article", "div"), "has no article"),
        (HTML.format(f"<h1></h1>{WORDS}"), "has no title"),
        (HTML.format("<h1>A title</h1>"), "has 2 words"),
        (HTML.format(ARTICLE + "<h1>Another</h1>"), "has 2 first headings"),
        ("", "is cut off"),
    ],
)
def test_a_page_that_is_not_whole_is_found(html: str, problem: str) -> None:
    assert incomplete("page.html", Page(HTML.format(ARTICLE))) == []
    assert [lack for lack in incomplete("page.html", Page(html)) if lack.startswith(problem)]


@pytest.mark.parametrize(
    ("check", "defect"),
    [
        *(
            (left_over, f"<p>{text}</p>")
            for text in (
                "see {term}`neuron`", "see {term} <code>neuron</code>", "by {cite:p}`lecun`", "::: note", "```{note}",
                "[](#lec-a05)", "[a page](page.md)", "a note[^1]", "% hidden\n%% comment", "(lec-a05)=", "|---|",
                "**bold*", "a `name", ".. math:: x", "TODO: more", "FIXME", "Lorem ipsum dolor",
            )
        ),
        (left_over, '<div class="system-message"><p>Unknown directive</p></div>'),
        (left_over, '<span class="problematic">name</span>'),
        (complaints_of_cells, STDERR.format("cell")),
        (complaints_of_cells, STDOUT.format("Traceback (most recent call last):\n  File")),
        (complaints_of_cells, STDOUT.format("x.py:3: FutureWarning: soon gone")),
        (complaints_of_cells, STDOUT.format("1.0\nUserWarning: careful")),
        (complaints_of_cells, '<div class="cell"><div class="output traceback"><pre>ValueError</pre></div></div>'),
        (malformed, '<p id="there">again</p>'),
        (malformed, '<h2> <a class="headerlink" href="#x">#</a></h2>'),
        (malformed, "<h3></h3>"),
        (malformed, '<img src="" alt="nothing at all">'),
        (malformed, '<img src="data:image/png;base64," alt="nothing at all">'),
        (malformed, '<img src="a.png" width="0" alt="no width at all">'),
        (malformed, '<img src="a.png" style="max-width: 9px; height: 0px" alt="no height at all">'),
    ],
)  # fmt: skip
def test_a_planted_defect_is_found(check: Callable[[Page], list[str]], defect: str) -> None:
    assert check(Page(HTML.format(ARTICLE))) == []
    assert check(Page(HTML.format(ARTICLE + defect))) != []


@pytest.mark.parametrize(
    "fine",
    [
        "<pre>```{note}\n# TODO %% [](x)</pre><code>{term}`x`</code>",
        r'<div class="math">\[x^{[^1]} %% ** \]</div>',
        '<dl><dt class="sig">save(**options)</dt></dl>',
        STDERR.format("cell tag_raises-exception"),
        STDOUT.format("F.log_softmax(z) without dim: UserWarning"),
        '<img src="a.png" style="width: 0.5em; stroke-width: 0" width="10" alt="a small picture">',
    ],
)
def test_what_is_meant_passes(fine: str) -> None:
    page = Page(HTML.format(ARTICLE + fine))
    assert [check(page) for check in CHECKS] == [[]] * len(CHECKS)
