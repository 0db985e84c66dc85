"""Links to equations and to the glossary, written as plain Markdown: a Sphinx extension.

A role such as {eq}`eq-descent` shows as it stands wherever a notebook is opened outside the book, so the chapters have
only links: `[the rule](#eq-descent)`, which the page completes to "the rule (6.4)", and `[rates](#term-learning-rate)`.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.environment import BuildEnvironment


class NumberedByChapter(MathDomain):
    """Equations are numbered by chapter: (6.3) is the third labelled one of chapters/06_…"""

    def note_equation(self, docname: str, labelid: str, location: Any = None) -> None:
        super().note_equation(docname, labelid, location)
        if chapter := re.match(r"chapters/(\d\d)_", docname):
            self.data["objects"][labelid] = (docname, f"{int(chapter[1])}.{self.equations[labelid][1]}")

    def resolve_xref(self, *arguments: Any) -> nodes.Element | None:
        """The link to an equation: its own words, if it has any, and then the number."""
        link = super().resolve_xref(*arguments)
        node, words = arguments[-2:]
        if link is not None and node.get("refexplicit"):
            link.insert(0, [words, nodes.Text("\N{NO-BREAK SPACE}")])
        return link


def name_terms(app: Sphinx, env: BuildEnvironment) -> None:
    """Every term of the glossary becomes a target, `term-learning-rate` for "learning rate"."""
    std = env.domains["std"]
    for (kind, name), place in std.objects.items():
        if kind == "term":
            std.anonlabels[nodes.make_id(f"term-{name}")] = place


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_domain(NumberedByChapter, override=True)
    app.connect("env-updated", name_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
