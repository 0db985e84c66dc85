"""What every page of the site must satisfy as it lies on the disk: no browser is needed to see it.

A check gives its problems as strings, none when all is well, so that the tests can show each of them the fault that it
must find. (`checks.py` has those that need a browser.)
"""

import json
import posixpath
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import Tag
from pybtex.database import BibliographyData, Entry
from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tools"))
pages, links = import_module("pages"), import_module("links")
Page, Pages = pages.Page, dict[str, pages.Page]

FEWEST_WORDS = 50
SEARCH = "search.html"  # its script fills it


@cache
def built() -> Pages:
    """The pages of the site, read once."""
    return pages.read_site(pages.SITE)


def differences(found: Pages, expected: dict[str, str]) -> list[str]:
    """Pages missing, too many, or with another title than in the manifest."""
    remedy = "if that is meant, run `make pages`"
    return [
        *(f"{name}: missing; {remedy}" for name in sorted(expected.keys() - found)),
        *(f"{name}: not in the manifest; {remedy}" for name in sorted(found.keys() - expected)),
        *(
            f"{name}: is called {found[name].title!r}, in the manifest {title!r}; {remedy}"
            for name, title in expected.items()
            if name in found and found[name].title != title
        ),
    ]


def without_page(root: Path, expected: dict[str, str]) -> list[str]:
    """Sources of pages that the manifest does not have."""
    kinds = ("chapters/**/*.md", "chapters/**/*.ipynb", "exercises/release/*/*.ipynb", "reference/*.md")
    sources = [path.relative_to(root) for kind in kinds for path in root.glob(kind)]
    pages = {path.with_suffix(".html").as_posix() for path in sources if ".ipynb_checkpoints" not in path.parts}
    return [
        f"{name}: no page; add its source to _toc.yml, then run `make pages`"
        for name in sorted(pages - expected.keys())
    ]


def incomplete(name: str, page: Page) -> list[str]:
    """What an empty or a truncated page lacks."""
    words = len(page.article.get_text(" ").split())
    headings = len(page.article.find_all("h1"))
    lacks = {
        "is cut off: no </html> at its end": not page.html.rstrip().endswith("</html>"),
        "has no article": page.soup.find("article") is None and name != SEARCH,
        "has no title": not page.title,
        f"has {words} words, fewer than {FEWEST_WORDS}": words < FEWEST_WORDS and name != SEARCH,
        f"has {headings} first headings, not one": headings != 1 and name != SEARCH,
    }
    return [problem for problem, holds in lacks.items() if holds]


def broken_links(root: Path, found: Pages) -> list[str]:
    """Links to files that are not in the folder, or to ids that the page they name does not have."""
    problems = []
    for name, page in found.items():
        for link in page.links:
            if not re.match(r"https?:|mailto:|data:", link) and (reason := broken(root, found, name, link)):
                problems.append(f"{name}: {link}: {reason}")
    return problems


def broken(root: Path, found: Pages, name: str, link: str) -> str:
    """Why a link of a page leads nowhere; nothing if it leads somewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return "neither a relative address nor one of another host"
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
    if target.startswith("../"):
        return "outside of the folder"
    if not (root / target).is_file():
        return "no such file"
    if not (root / target).stat().st_size:
        return "an empty file"
    if parts.fragment and target in found and unquote(parts.fragment) not in found[target].ids:
        return "no such id"
    return ""


def links_of_styles(folder: Path) -> Pages:
    """What our own style sheets name, as pages with links, so that `broken_links` can look at them."""
    sheets = {path.name: path.read_text("utf-8") for path in folder.glob("*.css")}
    urls = {name: re.findall(r"""url\(\s*["']?([^"')]+)""", text) for name, text in sheets.items()}
    return {name: Page("".join(f'<a href="{url}"></a>' for url in found)) for name, found in urls.items()}


def lost_entries(site: Path, found: Pages) -> list[str]:
    """Entries of the search index and of the inventory that lead nowhere, and pages that the search does not know."""
    text = (site / "searchindex.js").read_text("utf-8")
    index = json.loads(text[text.index("(") + 1 : text.rindex(")")])
    documents = [f"{name}.html" for name in index["docnames"]]
    entries = [entry for key in ("alltitles", "indexentries") for entries in index[key].values() for entry in entries]
    addresses = documents + [f"{documents[number]}#{target or ''}" for number, target, *_ in entries]
    with (site / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, address: address)
    # Sphinx lists its index of modules even where it makes none, as here.
    addresses += [item[2] for kind in inventory.values() for name, item in kind.items() if "modindex" not in name]
    problems = [f"{address}: {reason}" for address in addresses if (reason := broken(site, found, "index", address))]
    unknown = found.keys() - documents - {"genindex.html", SEARCH}
    return problems + [f"{name}: not in the search index" for name in sorted(unknown)]


def out_of_step(found: dict[str, list[str]], listed: dict[str, links.Check]) -> list[str]:
    """Links to other hosts that are not on the list, and listed ones that no page has."""
    remedy = "if that is meant, run `make pages`"
    return [
        *(f"{link} on {', '.join(found[link])}: not on the list; {remedy}" for link in sorted(found.keys() - listed)),
        *(f"{link}: listed, and no page has it; {remedy}" for link in sorted(listed.keys() - found)),
    ]


def lost_files(root: Path, found: Pages, repository: dict[str, str]) -> list[str]:
    """Links to files of the course's own repository that it does not have."""
    address = re.compile(rf"{re.escape(repository['url'])}/(?:blob|tree|raw|edit)/{repository['branch']}/([^#?]+)")
    files = {link: match[1] for page in found.values() for link in page.links if (match := address.match(link))}
    return [link for link, path in files.items() if not (root / unquote(path)).exists()]


# What Markdown or a role leaves in the text when it was not understood, and what an author left to do.
ROLE, DIRECTIVES, LINKS = r"\{[a-z][\w:-]*\}\s*$|`", r"^\s*:{3,}|^\s*\.\. [\w:-]+::", r"\]\(|\]\[|\[\^"
OTHERS = r"\*\*|\|---|<!--|^%%|^\([\w-]+\)=$|\b(?:TODO|FIXME|XXX|[Ll]orem ipsum)\b"
LEFT_OVER = re.compile("|".join([ROLE, DIRECTIVES, LINKS, OTHERS]), re.MULTILINE)
NOT_PROSE = ["pre", "code", "script", "style", "svg", "noscript"]
WARNED = re.compile(r"Traceback \(most recent call last\)|\.py:\d+: \w*Warning|^\w*Warning:", re.MULTILINE)


def left_over(page: Page) -> list[str]:
    """Mark-up that stayed in the text, and what docutils says of mark-up that it did not understand."""
    said = page.soup.select(".system-message, .problematic")
    problems = [f"docutils complains: {tag.get_text(' ', strip=True)[:80]}" for tag in said]
    found = [(match, text) for text in prose(page.article) if (match := LEFT_OVER.search(text))]
    return problems + [f"{match[0].strip()!r} in the text: {text.strip()[:80]}" for match, text in found]


def prose(article: Tag) -> Iterator[str]:
    """The text that is neither code, nor mathematics, nor the signature of a function: a piece for each tag."""
    for text in article.find_all(string=True):
        if type(text).__name__ == "NavigableString" and not any(
            tag.name in NOT_PROSE or {"math", "sig"} & set(tag.get("class", [])) for tag in text.parents
        ):
            yield text


def complaints_of_cells(page: Page) -> list[str]:
    """Warnings and errors in the outputs of cells, except of those that fail on purpose."""
    outputs = [tag for tag in page.soup.select("div.output") if not tag.find_parent(class_="tag_raises-exception")]
    wrong = [tag for tag in outputs if {"stderr", "traceback"} & set(tag["class"]) or WARNED.search(tag.get_text())]
    return [f"a cell complains: {tag.get_text().strip()[:80]}" for tag in wrong]


def malformed(page: Page) -> list[str]:
    """Ids given twice, empty headings, and images without size or content."""
    twice = [
        name for name, count in Counter(str(tag["id"]) for tag in page.soup.find_all(id=True)).items() if count > 1
    ]
    headings = page.article.find_all(re.compile("^h[1-6]$"))
    nothing = re.compile(r"^\s*$|^data:[^,]*,\s*$")
    flat = re.compile(r"(?<![\w-])(width|height):\s*0(?![.\d])")
    images = [
        tag
        for tag in page.soup.find_all("img")
        if nothing.match(tag.get("src", ""))
        or flat.search(tag.get("style", ""))
        or any(re.fullmatch(r"0(px)?", str(tag.get(side))) for side in ("width", "height"))
    ]
    return [
        *(f"the id {name} is given twice" for name in twice),
        *(f"an empty heading: {str(tag)[:80]}" for tag in headings if not pages.heading_text(tag)),
        *(f"an image without size or content: {str(tag)[:80]}" for tag in images),
    ]


DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
MONTH = r"\d{2}(?:0[1-9]|1[0-2])"
ARXIV = re.compile(rf"(?:{MONTH}\.\d{{4,5}}|[a-z-]+(?:\.[A-Z]{{2}})?/{MONTH}\d{{3}})(?:v\d+)?")


def ill_formed(link: str) -> bool:
    """Whether a link to doi.org or arXiv names what cannot be a DOI or an arXiv number."""
    parts = urlsplit(link)
    path = unquote(parts.path)
    if parts.netloc.endswith("doi.org"):
        return not DOI.fullmatch(path[1:])
    if parts.netloc.endswith("arxiv.org"):
        return not re.fullmatch(rf"/(abs|pdf)/({ARXIV.pattern})", path)
    return False


# BibTeX's own required fields; `a/b` is either.
REQUIRED = {
    "article": "author title journal year",
    "book": "author/editor title publisher year",
    "inproceedings": "author title booktitle year",
    "incollection": "author title booktitle publisher year",
    "phdthesis": "author title school year",
    "techreport": "author title institution year",
    "misc": "author/editor title howpublished/eprint/url/doi/note",
}


def poor_entries(bibliography: BibliographyData) -> list[str]:
    """Entries that lack what their kind needs, with a DOI or an arXiv number that cannot be one, or given twice."""
    problems = []
    given = Counter(name for entry in bibliography.entries.values() for name in identifiers(entry))
    for key, entry in bibliography.entries.items():
        if entry.type not in REQUIRED:
            problems.append(f"{key}: @{entry.type} is not one of {', '.join(REQUIRED)}")
        for names in REQUIRED.get(entry.type, "").split():
            if not any(entry.fields.get(name) or entry.persons.get(name) for name in names.split("/")):
                problems.append(f"{key}: @{entry.type} needs {names.replace('/', ' or ')}")
        numbers = arxiv_numbers(entry)
        problems += [f"{key}: {number} is not an arXiv number" for number in numbers if not ARXIV.fullmatch(number)]
        if not DOI.fullmatch(entry.fields.get("doi", "10.1000/none")):
            problems.append(f"{key}: {entry.fields['doi']} is not a DOI, such as 10.1038/323533a0")
        if not re.match(r"https?://[\w.-]+\.\w+", entry.fields.get("url", "https://a.org")):
            problems.append(f"{key}: {entry.fields['url']} is not an address")
        problems += [f"{key}: {name} is in two entries" for name in sorted(identifiers(entry)) if given[name] > 1]
    return problems


def arxiv_numbers(entry: Entry) -> list[str]:
    """What an entry gives as its number on arXiv, in whichever field."""
    said = [value for name, value in entry.fields.items() if name in ("journal", "note", "howpublished")]
    return [entry.fields["eprint"]] if "eprint" in entry.fields else re.findall(r"\barXiv:(\S+)", " ".join(said))


def identifiers(entry: Entry) -> set[str]:
    """What names a work, whatever it is called here."""
    return {entry.fields[name].lower() for name in ("doi", "url") if name in entry.fields} | set(arxiv_numbers(entry))
