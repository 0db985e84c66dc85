"""The API reference from the library's docstrings: a Sphinx extension on top of autodoc.

autodoc takes docstrings for reStructuredText; those of dnnlib are Markdown, so they go through the parser of the
book's pages. The directive `public` lists what a module offers, so that a new name needs no line anywhere:

    .. public:: dnnlib.losses dnnlib.penalties
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from docutils import nodes
from docutils.utils import new_document
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PACKAGES = ("dnnlib", "dnnlib.data", "dnnlib.interop", "dnnlib.speed")


def public_names() -> dict[int, str]:
    """Every class and function that a package offers, by identity: the shortest name that users import it by."""
    names: dict[int, str] = {}
    for package in map(import_module, reversed(PACKAGES)):
        names |= {id(getattr(package, name)): f"{package.__name__}.{name}" for name in package.__all__}
    return names


class Public(SphinxDirective):
    """Document what the given modules define and dnnlib offers, in the order of the source."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        names = public_names()
        lines = []
        for module_name in self.arguments[0].split():
            for thing in vars(import_module(module_name)).values():
                if id(thing) in names and getattr(thing, "__module__", None) == module_name:
                    error = inspect.isclass(thing) and issubclass(thing, Exception)
                    kind = "exception" if error else "class" if inspect.isclass(thing) else "function"
                    lines += [f".. auto{kind}:: {names[id(thing)]}", ""]
        return self.parse_text_to_nodes("\n".join(lines))


class Markdown(SphinxDirective):
    """The docstring of the given name, as Markdown. Classes named in it as code are links to their own entries."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        document = new_document("docstring", self.state.document.settings)
        MystParser().parse("\n".join(self.content), document)
        for text in document.findall(nodes.TextElement):
            text["support_smartquotes"] = False  # strings are meant as they stand
        entries = {name.rpartition(".")[2]: name for name in public_names().values()}
        for code in list(document.findall(nodes.literal)):
            entry = entries.get(code.astext(), "")
            if code.astext()[:1].isupper() and entry not in ("", self.arguments[0]):
                link = addnodes.pending_xref("", refdomain="py", reftype="obj", reftarget=entry, refwarn=True)
                code.replace_self(link)
                link += code
        return document.children


def as_markdown(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """autodoc's docstring as a `markdown` directive."""
    lines[:] = [f".. markdown:: {name}", "", *(f"   {line}" for line in lines), ""]


def skip(app: Sphinx, what: str, name: str, thing: Any, skipped: bool, options: Any) -> bool | None:
    """True for a field of a named tuple, which has no docstring of its own."""
    return True if type(thing).__name__ == "_tuplegetter" else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("public", Public)
    app.add_directive("markdown", Markdown)
    app.connect("autodoc-process-docstring", as_markdown)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True}
