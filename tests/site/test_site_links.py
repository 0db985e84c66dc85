"""Every link of the site leads somewhere: inside to a file and an id that are there, outside to a listed address."""

import json
from pathlib import Path

import pytest
import yaml
from pybtex.database import parse_file, parse_string
from static_checks import (
    ROOT,
    Page,
    broken_links,
    built,
    ill_formed,
    links,
    links_of_styles,
    lost_entries,
    lost_files,
    out_of_step,
    pages,
    poor_entries,
)

REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]
LISTED = links.read(links.LINKS)


def test_links_inside_lead_to_files_and_ids() -> None:
    assert broken_links(pages.SITE, built()) == []


def test_links_of_documents_and_styles_lead_to_files() -> None:
    documents = links.documents(ROOT, built())
    assert {"README.md", "CONTRIBUTING.md", "exercises/README.md"} <= documents.keys()
    assert broken_links(ROOT, documents) == []
    assert broken_links(ROOT / "_static", links_of_styles(ROOT / "_static")) == []
    assert lost_files(ROOT, built() | documents, REPOSITORY) == []


def test_the_search_index_and_the_inventory_lead_to_pages() -> None:
    assert lost_entries(pages.SITE, built()) == []


def test_links_to_other_hosts_are_on_the_list() -> None:
    found = links.outside_links(built() | links.documents(ROOT, built()))
    assert out_of_step(found, LISTED) == []
    assert links.written({link: LISTED[link] for link in found}) == links.LINKS.read_text("utf-8")


def test_references_have_what_they_need() -> None:
    assert poor_entries(parse_file(ROOT / "references.bib")) == []
    assert [link for link in LISTED if ill_formed(link)] == []


# The gates, shown what they must stop.


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The folder of a site with two pages, a picture and what the search needs."""
    (tmp_path / "part").mkdir()
    html = '<html><body><article><h1 id="title">Title</h1><i id="module-f"></i>{}</article></body></html>'
    (tmp_path / "index.html").write_text(html.format('<a name="old"></a><a href="part/a%20b.html?q=1#title">b</a>'))
    (tmp_path / "part" / "a b.html").write_text(html.format('<a href="../index.html#old">a</a><img src="../dot.png">'))
    (tmp_path / "dot.png").write_bytes(b"png")
    (tmp_path / "empty.png").touch()
    index = {"docnames": ["index", "part/a b"], "alltitles": {"T": [[0, None], [1, "title"]]}, "indexentries": {}}
    (tmp_path / "searchindex.js").write_text(f"Search.setIndex({json.dumps(index)})")
    (tmp_path / "objects.inv").write_bytes(
        b"# Sphinx inventory version 1\n# Project: p\n# Version: 1\nf mod index.html\n"
    )
    return tmp_path


def test_a_site_in_order_passes(book: Path) -> None:
    found = pages.read_site(book)
    assert list(found) == ["index.html", "part/a b.html"]
    assert broken_links(book, found) == lost_entries(book, found) == []


@pytest.mark.parametrize(
    ("planted", "reason"),
    [
        ('<a href="gone.html">x</a>', "gone.html: no such file"),
        ('<a href="Index.html">x</a>', "Index.html: no such file"),
        ('<a href="part">x</a>', "part: no such file"),
        ('<a href="#gone">x</a>', "#gone: no such id"),
        ('<a href="part/a%20b.html#gone">x</a>', "no such id"),
        ('<a href="../other.html">x</a>', "outside of the folder"),
        ('<a href="/index.html">x</a>', "neither a relative address"),
        ('<a href="//example.org/x">x</a>', "neither a relative address"),
        ('<a href="htp://example.org">x</a>', "neither a relative address"),
        ('<a href="www.example.org">x</a>', "no such file"),
        ('<img src="gone.png">', "gone.png: no such file"),
        ('<img src="empty.png">', "empty.png: an empty file"),
        ('<img srcset="dot.png 1x, gone.png 2x">', "gone.png: no such file"),
        ('<video poster="gone.png"></video>', "gone.png: no such file"),
        ('<form action="gone.html"></form>', "gone.html: no such file"),
        ('<script src="gone.js"></script>', "gone.js: no such file"),
        ('<pre><span class="n"><a href="gone.html">x</a></span></pre>', "gone.html: no such file"),
    ],
)
def test_a_broken_link_is_found(book: Path, planted: str, reason: str) -> None:
    page = (book / "index.html").read_text().replace("</article>", f"{planted}</article>")
    (problem,) = broken_links(book, pages.read_site(book) | {"index.html": Page(page)})
    assert problem.startswith("index.html: ")
    assert reason in problem


def test_a_broken_link_of_a_style_is_found(tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text(
        "a { background: url('data:image/png;base64,xx') } b { background: url(gone.svg) }"
    )
    assert broken_links(tmp_path, links_of_styles(tmp_path)) == ["own.css: gone.svg: no such file"]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("searchindex.js", '"title"', '"gone"', "part/a b.html#gone: no such id"),
        ("searchindex.js", "part/a b", "part/c", "part/c.html: no such file"),
        ("searchindex.js", "part/a b", "index", "part/a b.html: not in the search index"),
        ("objects.inv", "index", "gone", "gone.html#module-f: no such file"),
    ],
)
def test_lost_entries_of_the_search_are_found(book: Path, file: str, old: str, new: str, problem: str) -> None:
    (book / file).write_text((book / file).read_text().replace(old, new))
    assert problem in lost_entries(book, pages.read_site(book))


def test_documents_are_read_as_markdown() -> None:
    page = links.document(
        "# A title\n\n[a](b.md#c) `[no](no.md)` https://a.org/x and <https://b.org>\n\n| |\n|-|\n| [t](t.md) |"
    )
    assert page.links == ["b.md#c", "https://a.org/x", "https://b.org", "t.md"]
    assert "a-title" in page.ids


def test_a_lost_file_of_the_repository_is_found(tmp_path: Path) -> None:
    (tmp_path / "here.md").touch()
    ours = {"url": "https://example.org/course", "branch": "main"}
    page = Page(
        "".join(
            f'<a href="https://example.org/course{end}">' for end in ("", "/blob/main/here.md#a", "/tree/main/gone")
        )
    )
    assert lost_files(tmp_path, {"index.html": page}, ours) == ["https://example.org/course/tree/main/gone"]


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("https://doi.org/10.1016/0304-3975(83)90110-X", False),
        ("https://doi.org/doi:10.1038/323533a0", True),
        ("https://doi.org/10.1038", True),
        ("https://arxiv.org/abs/1412.6980", False),
        ("https://arxiv.org/abs/cs/0102003v2", False),
        ("https://arxiv.org/abs/1413.6980", True),
        ("https://arxiv.org/1412.6980", True),
        ("https://example.org/10", False),
    ],
)
def test_what_cannot_be_a_doi_or_an_arxiv_number_is_found(link: str, wrong: bool) -> None:
    assert ill_formed(link) == wrong


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ("@article{a, author={A}, title={T}, journal={J}}", "a: @article needs year"),
        ("@book{a, title={T}, publisher={P}, year=2000}", "a: @book needs author or editor"),
        ("@misc{a, author={A}, title={T}}", "a: @misc needs howpublished or eprint or url or doi or note"),
        ("@online{a, title={T}}", "a: @online is not one of"),
        ("@misc{a, author={A}, title={T}, doi={https://doi.org/10.1/x}}", "a: https://doi.org/10.1/x is not a DOI"),
        ("@misc{a, author={A}, title={T}, eprint={1499.1}}", "a: 1499.1 is not an arXiv number"),
        ("@misc{a, author={A}, title={T}, note={arXiv:14126980}}", "a: 14126980 is not an arXiv number"),
        ("@misc{a, author={A}, title={T}, url={example.org}}", "a: example.org is not an address"),
        *(
            (
                "".join(f"@misc{{{key}, author={{A}}, title={{T}}, {name}}}" for key in "ab"),
                "b: 10.1234/x is in two entries",
            )
            for name in ("doi={10.1234/x}", "doi={10.1234/X}")
        ),
    ],
)
def test_a_poor_entry_is_found(entries: str, problem: str) -> None:
    assert [said for said in poor_entries(parse_string(entries, "bibtex")) if said.startswith(problem)]


def test_a_link_that_is_not_listed_and_one_that_is_gone_are_found() -> None:
    both, other = "https://a.org/both", "https://a.org/other"
    assert out_of_step({both: ["index.html"]}, {both: links.Check()}) == []
    (new,) = out_of_step({both: ["index.html"], other: ["b.html"]}, {both: links.Check()})
    assert new.startswith(f"{other} on b.html: not on the list")
    (gone,) = out_of_step({both: ["index.html"]}, {both: links.Check(), other: links.Check()})
    assert gone.startswith(f"{other}: listed, and no page has it")
