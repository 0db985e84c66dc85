"""A playground: a small program in the page itself, which needs no kernel and no server."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from dnnlib.figures.picture import check_alt


class Playground:
    """A custom element of HTML with its script and its data, in one output.

    Put the object at the end of a notebook cell: the same output works on the site, in a file that was saved, in
    Jupyter and on Colab, because the reader's browser computes everything. `dnnlib` computes the same numbers, and
    the browser tests compare the two.

    `tag` is the element's name; `modules` are the scripts beside this file that it is made of, in order; `given`
    is the data and settings that it starts with, as JSON; `description` says, in eight words or more, what one sees
    and can do: those read it whose page runs no scripts. Raises ValueError for a shorter one.
    """

    def __init__(self, tag: str, modules: tuple[str, ...], given: Mapping[str, Any], description: str) -> None:
        self.tag = tag
        self.modules = ("element.js", *modules)
        self.given = dict(given)
        self.description = check_alt(description)

    def html(self) -> str:
        """The element, its data and its script."""
        folder = files("dnnlib.figures.playgrounds")
        script = "\n".join(folder.joinpath(name).read_text("utf-8") for name in self.modules)
        data = json.dumps(self.given, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        data = data.replace("</", "<\\/")  # or it could end the script that holds it
        return (
            f'<{self.tag} class="dnn-playground"><p>{html.escape(self.description)}</p>'
            f'<script type="application/json">{data}</script></{self.tag}>'
            f'<script type="module">\n{script}</script>'
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.description}
