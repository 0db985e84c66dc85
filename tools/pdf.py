"""Print the whole book into one PDF, by Chromium, from the built site.

The pages are joined in the order of their "next" links, so that a link from one page to another becomes a link inside
the PDF. How they look on paper stands in `_static/book.css`.
"""

from __future__ import annotations

import argparse
import html
import posixpath
import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FOOTER = '<p style="width: 100%; text-align: center; font: 8pt sans-serif"><span class="pageNumber"></span></p>'
# Waits until all is drawn; the answer is the number of formulas that are not.
DRAWN = """async () => {
    await window.MathJax?.startup?.promise;
    await Promise.all([...document.images].map(image => image.decode().catch(() => 0)));
    return document.querySelectorAll('.math:not(:has(mjx-container)), mjx-merror').length;
}"""


def main() -> None:
    """Join the pages and print them; say what is missing in one line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="the built site")
    parser.add_argument("--to", type=Path, default=ROOT / "_build" / "dnn-course.pdf", help="file to write")
    options = parser.parse_args()
    if not (options.site / "index.html").is_file():
        sys.exit(f"pdf: {options.site} holds no site (no index.html). Build it first: make book")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"pdf: none of {', '.join(BROWSERS)} is on the PATH. Install one: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "joined page.html"
        page.write_text(joined(options.site), "utf-8")
        for path in options.site.iterdir():  # what the page shows lies beside it, and the site stays as it is
            page.with_name(path.name).symlink_to(path.resolve())
        try:
            print_page(browser, page, options.to)
        except Error as error:
            sys.exit(f"pdf: {browser} did not print the book: {error.message.splitlines()[0]}")
    print(f"The book: {options.to} ({options.to.stat().st_size / 1e6:.0f} MB)")


def print_page(browser: str, page: Path, target: Path) -> None:
    """Print one page, with page numbers, an outline of its headings, and tags for screen readers."""
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"]).new_page()
        window.set_default_timeout(0)  # a whole book takes minutes
        window.goto(page.as_uri())
        if missing := window.evaluate(DRAWN):
            sys.exit(f"pdf: {missing} formulas of the site are not drawn. Find the page that has them: make test")
        window.pdf(
            path=target, prefer_css_page_size=True, print_background=True, outline=True, tagged=True,
            display_header_footer=True, header_template="<span></span>", footer_template=FOOTER,
        )  # fmt: skip


def joined(site: Path) -> str:
    """One page of HTML that holds all the others, with a title page and the sidebar as its table of contents."""
    pages = read(site)
    book = pages["index.html"]
    contents = book.select_one("nav.bd-links")
    for caption in contents.select("[role=heading]") if contents else []:
        del caption["role"]  # the outline is for the headings of the text
    inner = [inside(contents, "index.html", pages)] if contents else []
    inner += [inside(page.article, name, pages) for name, page in pages.items() if page.article]
    if not book.head or not book.body:
        sys.exit(f"pdf: {site / 'index.html'} is not a whole page. Build the site again: make book")
    text = "".join(inner)
    # Chromium would drop a link to nowhere without a word.
    if lost := set(re.findall(r'href="#([^"]*)"', text)) - set(re.findall(r'\bid="([^"]*)"', text)):
        sys.exit(f"pdf: links to places that the site does not have: {sorted(lost)[:5]}. Find their pages: make test")
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    book.head.title.string = settings["title"]  # type: ignore[union-attr]
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light">{book.head}<body class="bd-content dnn-book">'
        f"{title_page(settings)}{text}</body></html>"
    )


def read(site: Path) -> dict[str, BeautifulSoup]:
    """The pages of the book by their names, from the first along the "next" links."""
    pages: dict[str, BeautifulSoup] = {}
    name = "index.html"
    while name not in pages:
        pages[name] = BeautifulSoup((site / name).read_text("utf-8"), "html.parser")
        following = pages[name].find("link", rel="next")
        name = beside(name, str(following["href"])) if following else name
    return pages


def beside(name: str, address: str) -> str:
    """The address, as the page `name` writes it, from the site's root."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def place(name: str, fragment: str = "") -> str:
    """The id in the joined page of a place in the page `name`."""
    return f"{name.removesuffix('.html')}:{fragment}"


def inside(part: Tag, name: str, pages: dict[str, BeautifulSoup]) -> str:
    """A part of the page `name`, with ids and addresses that hold in the joined page."""
    for hidden in part.select("a.headerlink, figure.dnn-frames img[hidden]"):
        hidden.decompose()
    # Each coloured word would be an element of the PDF for screen readers: on paper only these differ.
    for word in part.select('pre span:not([class^="k"], [class^="c"], .sd, [id])'):
        word.unwrap()
    for tag in part.select("[id]"):
        tag["id"] = place(name, str(tag["id"]))
    for tag in part.select("[src]"):
        if not urlsplit(str(tag["src"])).scheme:
            tag["src"] = beside(name, str(tag["src"]))
    for link in part.select("a[href]"):
        address = urlsplit(str(link["href"]))
        page = beside(name, address.path) if address.path else name
        if page in pages and not address.scheme:
            link["href"] = "#" + place(page, address.fragment)
        elif not address.scheme:
            link.unwrap()  # a file of the site, such as a picture by itself
    if part.name == "article":
        part["id"] = place(name)
    return str(part)


def title_page(settings: dict[str, dict[str, str]]) -> str:
    """Title, authors, version, date, licence and address, as the configuration and the citation file have them."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    lines = [
        ", ".join(author["name"] for author in citation["authors"]),
        f"Version {citation['version']}, {citation['date-released']}",
        settings["html"]["extra_footer"],
        settings["repository"]["url"],
    ]
    text = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return f'<header class="dnn-title"><p>{html.escape(citation["title"])}</p>{text}</header>'


if __name__ == "__main__":
    main()
