"""What pictures say to those who do not see them."""

import hashlib
import html
import re
from collections.abc import Iterable
from pathlib import Path

from browser import Visit

WORDS = 8  # the least that can say what a picture shows


def poor_alt_text(visit: Visit) -> list[str]:
    """Pictures without `alt`, and those of the text whose words do not say what they show.

    That is: fewer than eight words, a file's name, what stands in a heading or in the caption anyway, or the words of
    another picture of the page. Drawings (SVG, canvas) count; what is declared decoration does not.
    """
    found = visit.page.evaluate("""() => {
        const deep = root =>
            [...root.querySelectorAll('*')].flatMap(e => e.shadowRoot ? [e, ...deep(e.shadowRoot)] : [e]);
        const titles = [document, ...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
            .map(e => e.title || e.textContent || '');
        const text = e =>
            e.getAttribute('alt') ?? e.getAttribute('aria-label') ?? e.querySelector('title')?.textContent;
        return deep(document)
            .filter(e => e.matches('img, canvas, [role=img]') && !e.closest('[aria-hidden=true], mjx-container'))
            .filter(e => !['presentation', 'none'].includes(e.getAttribute('role')))
            .map((e, i) => ({
                alt: text(e) ?? null,
                picture: e.src ?? `${e.localName} ${i}`,
                content: !!(e.closest('article') ?? e.getRootNode().host?.closest('article')),
                titles: [...titles, e.closest('figure')?.querySelector('figcaption')?.textContent ?? ''],
            }));
    }""")
    content = [image for image in found if image["content"] and image["alt"] is not None]
    problems = [f"{image['picture'][-100:]}: no alt text" for image in found if image["alt"] is None]
    for image in content:
        if problem := _fault(image["alt"], image["titles"]):
            problems.append(f"{image['picture'][-100:]}: {problem}: {image['alt']!r}")
    return problems + _shared((image["alt"], image["picture"]) for image in content)


def _fault(alt: str, titles: list[str]) -> str:
    """What keeps an alt text from saying what the picture shows."""
    if re.search(r"[0-9a-f]{16}|\.(png|jpe?g|svg|gif|webp)\b", alt):
        return "the name of a file"
    if len(re.findall(r"[^\W_]+", alt)) < WORDS:
        return f"fewer than {WORDS} words"
    if any(_plain(alt) in _plain(title) for title in titles):
        return "a title, which is read out anyway"
    return ""


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _shared(pictures: Iterable[tuple[str, str]]) -> list[str]:
    """Alt texts that several pictures have, from pairs of an alt text and its picture."""
    found: dict[str, set[str]] = {}
    for alt, picture in pictures:
        found.setdefault(_plain(alt), set()).add(picture)
    return [f"{len(same)} pictures with one alt text: {alt!r}" for alt, same in found.items() if len(same) > 1]


def shared_alt_texts(site: Path) -> list[str]:
    """Different pictures of the site's articles that have one alt text; a picture may come twice, with its words."""
    pictures = []
    for page in site.rglob("*.html"):
        article = page.read_text("utf-8").partition("<article")[2].rpartition("</article>")[0]
        for tag in re.findall(r"<img [^>]*>", article):
            given = {name: html.unescape(value) for name, value in re.findall(r'(alt|src)="([^"]*)"', tag)}
            source = given.get("src", "")
            data = source.encode() if ":" in source else (page.parent / source).read_bytes()
            pictures.append((given.get("alt", ""), hashlib.sha256(data).hexdigest()))
    return _shared((alt, picture) for alt, picture in pictures if alt)
