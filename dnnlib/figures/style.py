"""The look of every figure: colours that the colour-blind can tell apart, on paper-white in light and dark pages."""

from __future__ import annotations

import matplotlib as mpl
from cycler import cycler

# Okabe & Ito's palette, darkened where a colour would be too faint for a line on white.
COLORS = {
    "blue": "#0072B2",
    "orange": "#D55E00",
    "green": "#00805E",
    "purple": "#A94F83",
    "yellow": "#B58900",
    "grey": "#5F6B76",
}
INK = "#1F2933"
PAPER = "#FCFCFA"
PIXELS_PER_INCH = 100  # of the page: a figure 7 inches wide is 700 CSS pixels wide


def use_style() -> None:
    """Make the book's style matplotlib's default. Figures are 7 × 3.5 inches unless they say otherwise."""
    mpl.rcParams.update(
        {
            "axes.axisbelow": True,
            "axes.edgecolor": INK,
            "axes.facecolor": PAPER,
            "axes.grid": True,
            "axes.labelcolor": INK,
            "axes.prop_cycle": cycler(color=list(COLORS.values())),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlelocation": "left",
            "axes.titlesize": 11,
            "axes.unicode_minus": True,
            "figure.constrained_layout.use": True,
            "figure.facecolor": PAPER,
            "figure.figsize": (7, 3.5),
            "font.family": "DejaVu Sans",
            "font.size": 10,
            "grid.color": "#D9DEE3",
            "grid.linewidth": 0.8,
            "image.cmap": "Greys",
            "legend.frameon": False,
            "lines.linewidth": 2,
            "savefig.facecolor": PAPER,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )
