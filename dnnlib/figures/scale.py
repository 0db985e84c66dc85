"""Pictures of where a training's time goes, of numbers with few bits, and of training on many. Lectures B12, E08."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.ticker import LogLocator, NullLocator

from dnnlib.figures.style import COLORS, INK, PAPER

Point = tuple[float, float]
Spans = Sequence[tuple[float, float]]  # from when to when

LINES = (("blue", "-", "o"), ("orange", "--", "s"), ("purple", ":", "^"), ("green", "-.", "D"), ("grey", "-", "X"))
KINDS = {"Conv2d": ("orange", "o"), "Dense": ("blue", "s")}  # of layers; all others move more than they compute
OTHERS = ("green", "^")
FORMATS = {"float32": (8, 23), "TF32": (8, 10), "bfloat16": (8, 7), "float16": (5, 10)}  # bits of exponent, fraction


def times(panels: Mapping[str, Mapping[str, Mapping[int, float]]], note: str = "") -> Figure:
    """A panel for each quantity, a line for each device in it: what was measured against the batch size."""
    fig, axes = plt.subplots(1, len(panels), figsize=(5.8, 3.8), squeeze=False)
    for ax, (title, lines) in zip(axes[0], panels.items(), strict=True):
        for (name, values), (color, line, marker) in zip(lines.items(), cycle(LINES), strict=False):
            ax.loglog(list(values), list(values.values()), color=COLORS[color], ls=line, marker=marker, label=name)
        sizes = sorted({size for values in lines.values() for size in values})
        shown = sizes[:: max(1, -(-len(sizes) // 5))]
        ax.set_xticks(shown, [f"{size}" for size in shown])
        ax.set_xticks([], minor=True)
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=12))
        ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        ax.yaxis.set_minor_locator(NullLocator())
        low, high = ax.get_ylim()
        wide = max(1.0, (10 * low / high) ** 0.5)  # a decade at least, so that what hardly changes looks so
        ax.set(xlabel="batch size", title=title, ylim=(low / wide, high * wide))
    fig.legend(*axes[0][0].get_legend_handles_labels(), loc="outside lower left", fontsize=9, ncols=2)
    fig.text(0.99, 0.005, note, ha="right", va="bottom", fontsize=9, style="italic")
    fig.get_layout_engine().set(rect=(0, 0.05 if note else 0, 1, 0.95 if note else 1))
    return fig


def roofline(roofs: Mapping[str, tuple[float, float]], layers: Sequence[tuple[str, float]], title: str) -> Figure:
    """What each device can do at most for a given intensity, and the (kind, intensity) of layers under that bound.

    A roof is (flops a second, bytes a second).
    """
    fig, ax = plt.subplots(figsize=(5.8, 4.0))
    x = np.geomspace(0.05, 1e3, 200)
    for (name, (flops, moved)), (color, line, _) in zip(roofs.items(), cycle(LINES), strict=False):
        ax.loglog(x, np.minimum(flops, moved * x), color=COLORS[color], ls=line, label=name)
        ax.plot(flops / moved, flops, "|", ms=14, mew=2, color=INK)
        seen = set()
        for kind, intensity in layers:
            shade, marker = KINDS.get(kind, OTHERS)
            label = kind if kind in KINDS else "other layers"
            first = label not in seen and name == next(iter(roofs))
            reached = min(flops, moved * intensity)
            style: dict[str, Any] = {"color": COLORS[shade], "mec": PAPER, "ls": "", "zorder": 3}
            ax.plot(intensity, reached, marker, ms=9, label=label if first else None, **style)
            seen.add(label)
    ax.set(xlabel="intensity, flops a byte", ylabel="flops a second, at most", xlim=(0.05, 1e3), title=title)
    ax.legend(loc="lower right", fontsize=9)
    return fig


def queue(runs: Mapping[str, tuple[Spans, Spans]], steps: int) -> Figure:
    """For each run two lanes over one clock: when the program asked for an operation, and when the GPU computed it."""
    fig, axes = plt.subplots(len(runs), 1, figsize=(6.2, 1.75 * len(runs)), sharex=True, squeeze=False)
    for ax, (title, (asked, done)) in zip(axes[:, 0], runs.items(), strict=True):
        for y, (spans, color, hatch) in enumerate([(done, "orange", "//"), (asked, "blue", "")]):
            a_step = len(spans) // steps
            for i, (start, end) in enumerate(spans):
                face, edge = (COLORS[color], PAPER) if (i // a_step) % 2 else (PAPER, COLORS[color])
                box = Rectangle((start, y - 0.32), end - start, 0.64, fc=face, ec=edge, lw=1.2)
                box.set_hatch(hatch if face == PAPER else "")
                ax.add_patch(box)
        ax.set_yticks([0, 1], ["GPU computes", "program asks"])
        ax.set(ylim=(-0.6, 1.6), title=title)
        ax.grid(visible=False, axis="y")
    end = max(done[-1][1] for _, done in runs.values())
    axes[-1, 0].set(xlim=(0, 1.03 * end), xlabel="time, µs")
    return fig


def number_formats() -> Figure:
    """The bits of four formats, a cell each: sign s, exponent e, fraction f."""
    fig, ax = plt.subplots(figsize=(5.6, 2.7))
    for row, (name, (exponent, fraction)) in enumerate(FORMATS.items()):
        start = 0
        for letter, bits, color in (("s", 1, "grey"), ("e", exponent, "orange"), ("f", fraction, "blue")):
            for i in range(start, start + bits):
                ax.add_patch(Rectangle((i + 0.06, -row + 0.1), 0.88, 0.7, fc=PAPER, ec=COLORS[color], lw=1.2))
            label = f"{letter} × {bits}" if bits > 1 else letter
            behind = {"boxstyle": "square,pad=0.15", "fc": PAPER, "ec": "none"} if bits > 1 else None
            place = (start + bits / 2, -row + 0.43)
            ax.text(*place, label, ha="center", va="center", color=COLORS[color], bbox=behind)
            start += bits
        ax.text(-0.6, -row + 0.45, name, ha="right", va="center")
        ax.text(start + 0.4, -row + 0.45, f"{start} bits", va="center")
    ax.set(xlim=(-6.6, 37.5), ylim=(-3.1, 1))
    ax.axis("off")
    return fig


def data_parallel(processes: int = 3) -> Figure:
    """A batch cut into shares, a copy of the network for each, one mean gradient for all."""
    fig, ax = plt.subplots(figsize=(5.6, 4.6))
    middle = 2.2 * (processes - 1) / 2
    _box(ax, (middle, 5.4), "one shuffled batch", "grey", 1.1 * processes, 0.7)
    _box(ax, (middle, 1.5), "all-reduce: the mean of the gradients", "orange", 1.1 * processes, 0.7)
    for rank in range(processes):
        x = 2.2 * rank
        _box(ax, (x, 4.1), f"share {rank}", "grey", 0.9, 0.7)
        _box(ax, (x, 2.8), f"copy of θ\n∇L of share {rank}", "blue", 0.98, 0.9)
        _box(ax, (x, 0.1), "the same step\nof θ", "blue", 0.98, 0.9)
        for top, bottom in ((5.05, 4.45), (3.75, 3.25), (2.35, 1.85), (1.15, 0.55)):
            _arrow(ax, (x, top), (x, bottom))
        ax.text(x, -0.6, f"process {rank}", ha="center", va="center", fontsize=9)
    ax.set(xlim=(-1.2, 2.2 * processes - 1.0), ylim=(-0.9, 5.9))
    ax.axis("off")
    return fig


def ring(held: Sequence[Sequence[frozenset[int]]], moved: Sequence[tuple[int, int]], title: str) -> Figure:
    """A column for each process, a cell for each chunk, with the processes whose numbers are summed up in it.

    `moved` are the (process, chunk) that have just come from the process before; the first follows the last.
    """
    ranks = len(held)
    fig, ax = plt.subplots(figsize=(5.8, 3.6))
    for rank, chunks in enumerate(held):
        ax.text(1.9 * rank, 0.75, f"process {rank}", ha="center", fontsize=9)
        for chunk, whose in enumerate(chunks):
            full, came = len(whose) == ranks, (rank, chunk) in moved
            text = "all" if full else "+".join(str(r) for r in sorted(whose))
            face, ink = (COLORS["blue"], PAPER) if full else (PAPER, INK)
            edge, width = (COLORS["orange"], 3.0) if came else (COLORS["grey"], 1.0)
            place = (1.9 * rank - 0.62, -chunk - 0.34)
            ax.add_patch(Rectangle(place, 1.24, 0.68, fc=face, ec=edge, lw=width))
            ax.text(1.9 * rank, -chunk, text, ha="center", va="center", color=ink)
            if came and rank:
                _arrow(ax, (1.9 * rank - 1.27, -chunk), (1.9 * rank - 0.64, -chunk), "orange")
            elif came:  # from the last process, round the back
                _arrow(ax, (-1.25, -chunk), (-0.64, -chunk), "orange")
                end = 1.9 * (ranks - 1)
                ax.plot([end + 0.63, end + 1.1], [-chunk, -chunk], color=COLORS["orange"], lw=1.8)
    for chunk in range(ranks):
        ax.text(-1.4, -chunk, f"chunk {chunk}", ha="right", va="center", fontsize=9)
    ax.set(xlim=(-2.6, 1.9 * ranks - 0.6), ylim=(-ranks + 0.4, 1.05), title=title)
    ax.axis("off")
    return fig


def pipeline(stages: int, parts: int) -> Figure:
    """Which part of the batch each stage works at in each tick, forward (F) and backward (B); what is empty, waits."""
    fig, ax = plt.subplots(figsize=(5.6, 0.55 * stages + 1.0))
    half = parts + stages - 1
    for stage in range(stages):
        for part in range(parts):
            for name, color, tick in (
                ("F", "blue", stage + part),
                ("B", "orange", half + (stages - 1 - stage) + part),
            ):
                ax.add_patch(Rectangle((tick, -stage - 0.4), 1, 0.8, fc=PAPER, ec=COLORS[color], lw=1.6))
                ax.text(tick + 0.5, -stage, f"{name}{part}", ha="center", va="center", color=COLORS[color])
    ax.set_yticks(range(0, -stages, -1), [f"stage {stage}" for stage in range(stages)])
    ax.set(xlim=(0, 2 * half), ylim=(-stages + 0.4, 0.6), xlabel="tick", xticks=range(0, 2 * half + 1, 2))
    ax.grid(visible=False)
    return fig


def _box(ax: Axes, place: Point, text: str, color: str, half_width: float, height: float) -> None:
    x, y = place
    style = "round,pad=0.02,rounding_size=0.08"
    corner = (x - half_width, y - height / 2)
    box = FancyBboxPatch(corner, 2 * half_width, height, boxstyle=style, fc=PAPER, ec=COLORS[color], lw=1.8)
    ax.add_patch(box)
    ax.text(x, y, text, ha="center", va="center", fontsize=9.5)


def _arrow(ax: Axes, start: Point, end: Point, color: str = "") -> None:
    look: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0, "lw": 1.6}
    ax.add_patch(FancyArrowPatch(start, end, color=COLORS[color] if color else INK, **look))
