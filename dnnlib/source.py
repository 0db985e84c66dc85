"""Show the library's own code in a notebook, where the equation is the point."""

from __future__ import annotations

import inspect
import textwrap
from typing import Any


class Source:
    """A piece of source code that a notebook shows highlighted."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, "text/markdown": f"```python\n{self.text}\n```"}

    def __repr__(self) -> str:
        return self.text


def show_source(thing: Any) -> Source:
    """The source of a function, method or class of the library: `show_source(dnn.Dense.backward)`.

    Raises TypeError for what has no Python source.
    """
    return Source(textwrap.dedent(inspect.getsource(thing)).rstrip())
