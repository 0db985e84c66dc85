"""The book on paper: a page as the browser prints it, and all pages as one PDF with working links."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import visiting
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
CHAPTER = SITE / "chapters" / "01_perceptron.html"
ONLY_ON_SCREEN = """
    .bd-header-article, .bd-sidebar-primary, .bd-sidebar-secondary, .prev-next-footer, .bd-footer, .headerlink,
    .copybtn, .sd-summary-state-marker, details.hide, .dnn-frames button, .dnn-frames input, #jb-print-docs-body"""

# On screen all of it is there: what is asked is what the print style does.
PRINTED = """selector => {
    const all = selector => [...document.querySelectorAll(selector)];
    const seen = element => element.checkVisibility({visibilityProperty: true});
    const problems = all(selector).filter(seen).map(e => `printed: ${e.outerHTML.slice(0, 80)}`);
    const lost = all('article h1, article p, article h2, article pre, article figure output, mjx-container')
        .filter(e => !e.closest('details.hide') && !seen(e)).map(e => `lost: ${e.textContent.slice(0, 80)}`);
    const coloured = all('.highlight pre *, article p, article li, article td, article h2, article code')
        .filter(e => seen(e) && getComputedStyle(e).color != 'rgb(0, 0, 0)');
    const pictures = all('.dnn-frames').filter(f => [...f.querySelectorAll('img')].filter(seen).length != 1);
    const cut = all('article figure, article img, div.math, .cell_input').filter(seen)
        .filter(e => getComputedStyle(e).breakInside != 'avoid').map(e => `may be cut: ${e.outerHTML.slice(0, 80)}`);
    const long = all('a').filter(e => !['none', 'normal'].includes(getComputedStyle(e, '::after').content));
    return [...problems, ...lost, ...cut, ...coloured.map(e => `in colour: ${e.textContent}`),
        ...pictures.map(() => 'a figure with another number of pictures than one'),
        ...long.map(e => `its address is spelled out: ${e.textContent}`)];
}"""


@pytest.fixture(scope="module", params=["dark", "light"])
def printed(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with visiting(chromium, CHAPTER.as_uri(), request.param) as visit:
        visit.page.emulate_media(media="print")
        yield visit.page


def test_a_page_prints_its_text_whole_and_nothing_else(printed: Page) -> None:
    assert printed.locator("article details:not(.hide)").count() > 2
    assert printed.locator("article .dnn-frames").count() > 1
    assert printed.evaluate(PRINTED, ONLY_ON_SCREEN) == []
    assert printed.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    first = PdfReader(io.BytesIO(printed.pdf(prefer_css_page_size=True))).pages[0]
    assert first.extract_text().startswith("The perceptron\n")


@pytest.mark.parametrize(
    "fault",
    [
        ".prev-next-footer { display: block !important }",
        "details::details-content { content-visibility: hidden !important }",
        ".highlight .k { color: rgb(0, 128, 0) !important }",
        ".dnn-frames img[hidden] { display: block !important }",
        ".dnn-frames output { display: none !important }",
        "div.math { break-inside: auto !important }",
        "#main-content article h1 { display: none !important }",
        "a::after { content: ' (' attr(href) ')' !important }",
    ],
)
def test_a_fault_of_the_print_style_is_found(printed: Page, fault: str) -> None:
    style = printed.add_style_tag(content=fault)
    assert printed.evaluate(PRINTED, ONLY_ON_SCREEN) != []
    style.evaluate("style => style.remove()")


# The whole book: a small one of three pages, with the theme and the mathematics of the site.

FRAMES = '<figure class="dnn-frames"><img hidden src="a.png" alt=""><img src="b.png" alt="the second frame"></figure>'
PAGES = {
    "index.html": '<h1 id="start">Start</h1><p><a href="a/one.html">1</a> <a href="a/two.html#same">2</a></p>',
    "a/one.html": f"""<h1 id="one">One</h1><h2 id="same">Same</h2><p><a href="#same">here</a>
        <a href="two.html#same">there</a> <a href="https://example.org/">far</a> <a href="../b.png">a file</a></p>
        <span class="math">\\(x^2\\)</span>{FRAMES}<details><summary>Why?</summary><p>Because.</p></details>""",
    "a/two.html": '<h1 id="two">Two</h1><h2 id="same">Same</h2><p><a href="../index.html">back</a></p>',
}


def make_pdf(folder: Path, pages: dict[str, str], path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Write a small site with the head of the real one, and let the tool print it."""
    site = folder / "site"
    (site / "a").mkdir(parents=True)
    (site / "_static").symlink_to(SITE / "_static")
    head = BeautifulSoup((SITE / "index.html").read_text("utf-8"), "html.parser").head
    assert head
    for link in head.find_all("link", rel=["next", "prev"]):
        link.decompose()
    following = dict(zip(pages, [*list(pages)[1:], None], strict=True))
    for name, article in pages.items():
        to = following[name] and os.path.relpath(str(following[name]), Path(name).parent)
        link = f'<link rel="next" href="{to}">' if to else ""
        html = f"<html>{str(head).replace('</head>', link + '</head>')}<body><article>{article}</article></body></html>"
        (site / name).write_text(html, "utf-8")
    command = [sys.executable, str(ROOT / "tools/pdf.py"), "--site", str(site), "--to", str(folder / "book.pdf")]
    environment = os.environ if path is None else {"PATH": path}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    folder = tmp_path_factory.mktemp("book")
    done = make_pdf(folder, PAGES)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in (folder / "site").iterdir()} == {"index.html", "a", "_static"}
    return PdfReader(folder / "book.pdf")


def where_links_lead(book: PdfReader) -> list[int | str]:
    """For each link in order: the page inside the book, or the address outside."""
    found: list[int | str] = []
    named = book.named_destinations
    for page in book.pages:
        for reference in page.get("/Annots", []):
            link: DictionaryObject = reference.get_object()
            inside = "/Dest" in link
            found.append(book.get_destination_page_number(named[link["/Dest"]]) if inside else link["/A"]["/URI"])
    return found


def test_links_lead_to_their_pages(book: PdfReader) -> None:
    assert where_links_lead(book) == [2, 3, 2, 3, "https://example.org/", 1]


def test_a_link_to_nowhere_is_found(tmp_path: Path) -> None:
    done = make_pdf(tmp_path, PAGES | {"a/two.html": '<h1>Two</h1><a href="one.html#gone">gone</a>'})
    assert done.returncode == 1
    assert done.stderr.startswith("pdf: links to places that the site does not have: ['a/one:gone', 'a/two:same'].")


def test_the_book_has_a_title_page_an_outline_page_numbers_and_open_answers(book: PdfReader) -> None:
    texts = [" ".join(page.extract_text().split()) for page in book.pages]
    for words in ("Deep Neural Networks, from the equations up", "The course authors", "Version", "BSD-3-Clause"):
        assert words in texts[0]
    outline = [entry if isinstance(entry, list) else entry.title for entry in book.outline]
    assert [entry for entry in outline if isinstance(entry, str)] == ["Start", "One", "Two"]
    assert [[entry.title for entry in part] for part in outline if isinstance(part, list)] == [["Same"], ["Same"]]
    assert [text.split()[-1] for text in texts] == ["1", "2", "3", "4"]
    assert "Because." in texts[2]
    assert book.metadata
    assert book.metadata.title == "Deep Neural Networks, from the equations up"
    assert book.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_formula_that_is_not_drawn_stops_the_pdf(tmp_path: Path) -> None:
    done = make_pdf(tmp_path, {"index.html": r'<h1>Start</h1><span class="math">\(\nosuchcommand\)</span>'})
    assert done.returncode == 1
    assert done.stderr.startswith("pdf: 1 formulas of the site are not drawn.")


def test_a_missing_browser_or_site_is_named(tmp_path: Path) -> None:
    done = make_pdf(tmp_path, PAGES, path=str(tmp_path))
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "pdf: none of chromium, chromium-browser, google-chrome is on the PATH. Install one: apt-get install chromium",
    )
    line = [sys.executable, str(ROOT / "tools/pdf.py"), "--site", str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"pdf: {tmp_path} holds no site (no index.html). Build it first: make book",
    )
