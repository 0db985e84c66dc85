"""The API reference: an entry for every public name, made from its docstring."""

import html
import inspect
import re
from pathlib import Path

import pytest

import dnnlib as dnn

PAGES = sorted((Path(__file__).parents[2] / "_build/html/reference").glob("*.html"))


def entries() -> list[str]:
    """What the pages describe, by full name."""
    return [
        name for page in PAGES for name in re.findall(r'<dt class="sig [^>]*id="([\w.]+)"', page.read_text("utf-8"))
    ]


def test_every_public_name_has_an_entry() -> None:
    """One that can be imported from two places has its entry under one of the two."""
    names: dict[int, set[str]] = {}
    for package in (dnn, dnn.data, dnn.interop):
        for name in package.__all__:
            if not inspect.ismodule(thing := getattr(package, name)):
                names.setdefault(id(thing), set()).add(f"{package.__name__}.{name}")
    initializers = [{f"dnnlib.initializers.{name}"} for name in dnn.initializers.INITIALIZERS]
    listed = entries()
    assert len(listed) == len(set(listed)) > 100
    assert [either for either in [*names.values(), *initializers] if not either & set(listed)] == []


def test_methods_have_entries() -> None:
    assert {"dnnlib.Sequential.fit", "dnnlib.Sequential.theta", "dnnlib.Layer.backward"} <= set(entries())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_docstrings_are_drawn(page: Path) -> None:
    """Their Markdown has become code, equations and tables: no mark-up is left in the text."""
    article = re.search(r"<article.*</article>", page.read_text("utf-8"), re.S)
    assert article
    text = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(pre|code|dt)\b.*?</\1>", "", article[0], flags=re.S)))
    assert re.findall(r".*(?:`|\*\*|\|---|\.\. \w+::).*", text) == []
