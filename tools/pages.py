"""The built site as data: its pages, their titles and links; and the manifest of the pages that the site must have.

    python tools/pages.py     accept the pages as they are built: rewrite tests/site/manifest.txt

No browser is needed, so every page is read in seconds.
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from pathlib import Path

from bs4 import BeautifulSoup, Tag

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
MANIFEST = ROOT / "tests" / "site" / "manifest.txt"
HEAD = "# The pages that the site must have, with their titles. `make pages` rewrites this file.\n"
LINKS = ("href", "src", "srcset", "poster", "action", "data")


class Page:
    """One page, parsed."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.soup = BeautifulSoup(_slim(html), "html.parser")

    @property
    def article(self) -> Tag:
        """What the reader came for, without the navigation around it; empty if the page has none."""
        return self.soup.find("article") or Tag(name="article")

    @property
    def title(self) -> str:
        """The first heading, else the title of the window."""
        found = self.article.find("h1") or self.soup.find("title") or Tag(name="h1")
        return heading_text(found)

    @cached_property
    def ids(self) -> list[str]:
        """What a link's fragment may name."""
        named = self.soup.find_all("a", attrs={"name": True})
        return [str(tag["id"]) for tag in self.soup.find_all(id=True)] + [str(tag["name"]) for tag in named]

    @cached_property
    def links(self) -> list[str]:
        """Every address that the page names, once."""
        found: list[str] = []
        for tag in self.soup.find_all(lambda tag: any(name in tag.attrs for name in LINKS)):
            for name in LINKS:
                value = str(tag.get(name, ""))
                found += [part.split()[0] for part in value.split(",") if part.strip()] if name == "srcset" else [value]
        return list(dict.fromkeys(link.strip() for link in found if link.strip()))


def heading_text(tag: Tag) -> str:
    """A heading's words, without the sign that links to it."""
    signs = {id(link) for link in tag.find_all("a", class_="headerlink")}
    pieces = [text for text in tag.find_all(string=True) if id(text.parent) not in signs]
    return " ".join("".join(pieces).split())


def _slim(html: str) -> str:
    """Without pictures' data and the colours of code, nine tenths of a chapter's tags: ids stay."""
    html = re.sub(r"base64,[\w+/=]{40,}", "base64,(picture)", html)
    return re.sub(r"<pre\b.*?</pre>", lambda pre: re.sub(r"<span(?! id)[^>]*>|</span>", "", pre[0]), html, flags=re.S)


def read_site(site: Path) -> dict[str, Page]:
    """The pages of a built site by their addresses, in order; those of the theme's `_static` are not pages."""
    paths = sorted(path.relative_to(site) for path in site.rglob("*.html"))
    pages = {path.as_posix(): path for path in paths if path.parts[0] != "_static"}
    if not pages:
        raise SystemExit(f"{site}: no pages here. Build the site first: make book")
    return {name: Page((site / path).read_text("utf-8")) for name, path in pages.items()}


def manifest(pages: dict[str, Page]) -> str:
    """The manifest's text: a page and its title a line."""
    width = max(map(len, pages))
    return HEAD + "".join(f"{name:{width}}  {page.title}\n" for name, page in pages.items())


def read_manifest(text: str) -> dict[str, str]:
    """The titles by page, of a manifest's text."""
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    return {line[0]: line[1] if len(line) > 1 else "" for line in lines}


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)


def main() -> int:
    """The command line; the exit status."""
    pages = read_site(SITE)
    write_whole(MANIFEST, manifest(pages))
    name = MANIFEST.relative_to(ROOT)
    print(f"{name}: {len(pages)} pages. Look at the difference: git diff {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
