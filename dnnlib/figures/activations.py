"""Activation functions drawn: the whole catalogue, tangents that move along a curve, and a neuron on its data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dnnlib.figures.style import COLORS, INK, PAPER

Curve = Callable[[np.ndarray], np.ndarray]
Pair = tuple[Curve, Curve]  # a function and its derivative
Line = tuple[float, float]  # slope and intercept


def broken(z: np.ndarray, f: np.ndarray) -> np.ndarray:
    """f with a gap (NaN) where it jumps, so that no line is drawn across the jump."""
    pieces = f.astype(float)
    pieces[np.flatnonzero(np.abs(np.diff(pieces)) > 20 * np.median(np.diff(z)))] = np.nan
    return pieces


def curves(ax: Axes, z: np.ndarray, f: np.ndarray, slope: np.ndarray, kinks: Sequence[float] = ()) -> None:
    """A function in blue and its derivative in orange, dashed, both broken at the `kinks`, where there is no slope."""
    ax.axhline(0, color=COLORS["grey"], lw=0.7, zorder=1)
    ax.axvline(0, color=COLORS["grey"], lw=0.7, zorder=1)
    edges = [-np.inf, *sorted(kinks), np.inf]
    for low, high in pairwise(edges):
        inside = (z > low) & (z < high)
        ax.plot(z[inside], slope[inside], "--", lw=1.8, color=COLORS["orange"], zorder=3)
    ax.plot(z, broken(z, f), lw=2.2, color=COLORS["blue"], zorder=2)


def catalogue(panels: Mapping[str, tuple[np.ndarray, np.ndarray, Sequence[float]]], z: np.ndarray) -> Figure:
    """Every activation in a panel of its own: `panels[name]` holds f(z), f′(z) and the places without derivative."""
    rows = -(-(len(panels) + 1) // 3)
    size, top = (7, 2.125 * rows), 1 - 0.13 / rows
    fig, axes = plt.subplots(rows, 3, figsize=size, sharex=True, sharey=True, squeeze=False, layout="none")
    fig.subplots_adjust(0.045, 0.13 / rows, 0.985, top, hspace=0.22, wspace=0.09)
    for ax, (name, (f, slope, kinks)) in zip(axes.flat, panels.items(), strict=False):
        curves(ax, z, f, slope, kinks)
        ax.set(title=name, xlim=(z[0], z[-1]), ylim=(-2.2, 3.2), xticks=[-2, 0, 2], yticks=[-2, 0, 2])
        ax.tick_params(labelsize=9)
    rest = axes.flat[len(panels) :]
    for ax in rest:
        ax.axis("off")
    rest[0].plot([], [], color=COLORS["blue"], label="f(z)")
    rest[0].plot([], [], "--", color=COLORS["orange"], label="derivative f′(z)")
    rest[0].legend(loc="center", fontsize=11)
    return fig


def tangents(functions: Mapping[str, Pair], at: float, limit: float = 4.0) -> Figure:
    """Above each function with its tangent at z = `at`, below the derivative with the same point."""
    fig, axes = plt.subplots(2, len(functions), figsize=(7, 4.3), height_ratios=[1.5, 1], squeeze=False, layout="none")
    fig.subplots_adjust(0.06, 0.11, 0.985, 0.93, hspace=0.26, wspace=0.08)  # a fixed layout draws three times as fast
    z, point = np.linspace(-limit, limit, 400), np.array([at])
    for ax in axes[:, 1:].flat:
        ax.tick_params(labelleft=False)
    for (top, bottom), (name, (f, slope)) in zip(axes.T, functions.items(), strict=True):
        y, m = float(f(point)[0]), float(slope(point)[0])
        reach = 1.3 / np.hypot(1, m)
        top.plot(z, f(z), color=COLORS["blue"])
        top.plot([at - reach, at + reach], [y - m * reach, y + m * reach], color=COLORS["orange"], lw=3)
        top.plot(at, y, "o", ms=7, color=COLORS["orange"], mec=PAPER, zorder=4)
        top.set(
            title=f"{name}: {y:.2f}".replace("-", "−"),
            xlim=(-limit, limit),
            ylim=(-1.6, 3.2),
            xticks=[-3, 0, 3],
            xticklabels=[],
        )
        bottom.plot(z, broken(z, slope(z)), "--", lw=1.6, color=COLORS["orange"])
        bottom.plot([at, at], [0, m], color=INK, lw=1)
        bottom.plot(at, m, "o", ms=7, color=COLORS["orange"], mec=PAPER, zorder=4)
        bottom.set(title=f"slope: {m:.2f}", ylim=(-0.1, 1.2), xlabel="$z$", xlim=(-limit, limit), xticks=[-3, 0, 3])
    return fig


def fits(ax: Axes, x: np.ndarray, y: np.ndarray, x_line: np.ndarray, y_hat: np.ndarray, title: str, note: str) -> None:
    """Data as rings, what one neuron answers as a line, a note in the upper left corner."""
    ax.plot(x, y, "o", ms=7, mew=1.8, mfc=PAPER, mec=INK, label="data")
    ax.plot(x_line, y_hat, color=COLORS["blue"], label="neuron")
    ax.text(0.04, 0.96, note, transform=ax.transAxes, va="top", fontsize=11, color=COLORS["orange"])
    ax.set(title=title, xlabel="$x$", xlim=(0, 2.2), ylim=(-0.9, 6.8))


def maxout_pieces(ax: Axes, x: np.ndarray, y: np.ndarray, y_hat: np.ndarray, lines: Sequence[Line], title: str) -> None:
    """A target (dots), the lines of a maxout group (thin) and their maximum (thick)."""
    for slope, intercept in lines:
        ax.plot(x, slope * x + intercept, lw=1, color=COLORS["grey"])
    ax.plot(x, y_hat, lw=2.6, color=COLORS["blue"])
    ax.plot(x[::10], y[::10], "o", ms=4.5, color=COLORS["orange"], mec=PAPER, mew=0.5, zorder=3)
    margin = 0.25 * float(np.ptp(y))
    ax.set(title=title, xlabel="$x$", ylim=(float(y.min()) - margin, float(y.max()) + margin))
