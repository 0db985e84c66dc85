"""A figure as a small PNG that carries its alt text with it."""

from __future__ import annotations

import base64
import html
import io
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from dnnlib.figures.legend import check_legends
from dnnlib.figures.style import PIXELS_PER_INCH

WORDS = 8  # the least that can say what a picture shows
COLOURS = 64


def check_alt(alt: str) -> str:
    """Return the alt text, or raise ValueError if it is too short to say what the picture shows."""
    if len(alt.split()) < WORDS:
        raise ValueError(f"alt text must say what the picture shows, in at least {WORDS} words; got {alt!r}")
    return " ".join(alt.split())


def png(fig: Figure, scale: float = 2.0) -> bytes:
    """The figure as PNG, `scale` image pixels to a CSS pixel, in 64 colours: a third of the usual size.

    Raises ValueError if colour alone tells two entries of a legend apart.
    """
    check_legends(fig)
    canvas = FigureCanvasAgg(fig)
    fig.set_dpi(PIXELS_PER_INCH * scale)
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    plt.close(fig)
    small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def page_size(fig: Figure) -> tuple[int, int]:
    """Width and height in CSS pixels."""
    width, height = fig.get_size_inches() * PIXELS_PER_INCH
    return round(width), round(height)


def img_tag(fig: Figure, alt: str, attributes: str = "", scale: float = 1.5) -> str:
    """The figure as an HTML image that holds its own data."""
    width, height = page_size(fig)
    data = base64.b64encode(png(fig, scale)).decode()
    return (
        f'<img alt="{html.escape(check_alt(alt))}" width="{width}" height="{height}" {attributes} '
        f'style="max-width:100%;height:auto" src="data:image/png;base64,{data}">'
    )


def show(fig: Figure, alt: str) -> None:
    """Show a figure in the notebook, with alt text that says what it shows, and close it.

    The alt text goes with the output (Jupyter reads it there) and, by `tools/notebooks.py`, into the page.
    Raises ValueError for an alt text of fewer than 8 words, and if colour alone tells two entries of a legend apart.
    """
    alt = check_alt(alt)
    width, _ = page_size(fig)  # without a height, a narrow page scales the picture and does not stretch it
    data: dict[str, Any] = {"image/png": base64.b64encode(png(fig)).decode(), "text/plain": alt}
    metadata = {"image/png": {"alt": alt, "width": width}}
    display(data, metadata=metadata, raw=True)
