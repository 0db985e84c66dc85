"""The API reference: an entry for every public name, made from its docstring."""

import inspect
import re
from pathlib import Path

import dnnlib as dnn

PAGES = sorted((Path(__file__).parents[2] / "_build/html/reference").glob("*.html"))


def entries() -> list[str]:
    """What the pages describe, by full name."""
    return [
        name for page in PAGES for name in re.findall(r'<dt class="sig [^>]*id="([\w.]+)"', page.read_text("utf-8"))
    ]


def unlisted(listed: list[str]) -> list[set[str]]:
    """Public names without an entry; one that can be imported from two places has its entry under one of the two."""
    names: dict[int, set[str]] = {}
    for package in (dnn, dnn.data, dnn.interop, dnn.speed):
        for name in package.__all__:
            if not inspect.ismodule(thing := getattr(package, name)):
                names.setdefault(id(thing), set()).add(f"{package.__name__}.{name}")
    initializers = [{f"dnnlib.initializers.{name}"} for name in dnn.initializers.INITIALIZERS]
    return [either for either in [*names.values(), *initializers] if not either & set(listed)]


def test_every_public_name_has_an_entry() -> None:
    listed = entries()
    assert len(listed) == len(set(listed)) > 100
    assert unlisted(listed) == []


def test_a_name_without_an_entry_is_found() -> None:
    assert unlisted([name for name in entries() if name != "dnnlib.Adam"]) == [{"dnnlib.Adam"}]


def test_methods_have_entries() -> None:
    assert {"dnnlib.Sequential.fit", "dnnlib.Sequential.theta", "dnnlib.Layer.backward"} <= set(entries())
