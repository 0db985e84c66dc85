"""One page about a class: who was graded, who was not and why, how the points lie, and which question fails."""

import base64
import html
import io
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from dnnlib.grading.course import GRADED, LOOK, RECEIVED, REFUSED, Course, Record
from dnnlib.grading.export import totals

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 0.3rem 1rem 0.3rem 0; vertical-align: top; }
th { border-bottom: 2px solid #222; } td { border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }
img { max-width: 100%; } td.number, th.number { text-align: right; }
"""


def report(course: Course, name: str) -> str:
    """The page of an exercise, self-contained HTML: it loads nothing, and shows no student's code.

    Raises:
        GradingError: the exercise or the gradebook is missing.
    """
    exercise = course.exercise(name)
    records = course.records(name)
    found = totals(course, name)
    parts = [f"<h1>{html.escape(name)}</h1>", f"<p>{html.escape(summary(course, name)[0])}</p>"]
    parts += _table("To do", ["student", "status", "reason"], _to_do(found))
    graded = [record for record in records if record.status in (GRADED, LOOK)]
    if graded:
        tests = {cell.grade_id: cell.points for cell in exercise.tests()}
        parts += ["<h2>Points of the tests</h2>", _scores(graded, sum(tests.values()))]
        parts += ["<h2>Which question fails</h2>", _cells(graded, tests)]
        rows = [[student, f"{_sum(record):g}", *_points(record, tests)] for student, record in _by_student(graded)]
        parts += _table("Points by student", ["student", "tests", *tests], rows)
    notes = [[record.student, note] for record in records for note in record.notes]
    parts += _table("Remarks", ["student", "remark"], notes)
    head = f'<meta charset="utf-8"><title>{html.escape(name)}</title><style>{STYLE}</style>'
    rule = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    head += f'<meta http-equiv="Content-Security-Policy" content="{rule}">'
    body = "\n".join(parts)
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def summary(course: Course, name: str) -> list[str]:
    """What the terminal shows: how many ended how, and every student whose work is not graded, with the reason."""
    found = totals(course, name)
    states = [record.status for record, *_ in found.values() if record]
    counts = [f"{states.count(status)} {status}" for status in (GRADED, RECEIVED, LOOK, REFUSED) if status in states]
    missing = sum(record is None for record, *_ in found.values())
    counts += [f"{missing} not handed in"] if missing else []
    lines = [f"{len(found)} students: {', '.join(counts) or 'nothing taken in yet'}"]
    waiting = sum(bool(cells) for *_, cells in found.values())
    if waiting:
        lines[0] += f"; {waiting} wait for a person (nbgrader formgrader)"
    return lines + ["  " + ": ".join(filter(None, row)) for row in _to_do(found)]


def _to_do(found: dict[str, tuple[Record | None, float | None, float, list[str]]]) -> list[list[str]]:
    """Student, status and reason of everything that is neither graded nor only waits for its written answers."""
    rows = []
    for student, (record, _, _, _) in found.items():
        if record is None:
            rows.append([student, "not handed in", ""])
        elif record.status != GRADED:
            rows.append([student, record.status, record.reason or "run autograde"])
    return rows


def _sum(record: Record) -> float:
    return sum(points or 0 for points in record.cells.values())


def _points(record: Record, tests: dict[str, float]) -> list[str]:
    values = [record.cells.get(test) for test in tests]
    return ["not run" if value is None else f"{value:g}" for value in values]


def _by_student(records: list[Record]) -> list[tuple[str, Record]]:
    return sorted((record.student, record) for record in records)


def _table(title: str, columns: list[str], rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = "\n".join("<tr>" + "".join(f"<td>{html.escape(field)}</td>" for field in row) + "</tr>" for row in rows)
    return [f"<h2>{title}</h2>", f"<table><tr>{head}</tr>\n{body}</table>"]


def _scores(records: list[Record], most: float) -> str:
    """A histogram of the points that the tests gave."""
    sums = [_sum(record) for record in records]
    figure, axes = _figure(3.2)
    edges = np.linspace(0, most, 11)
    counts, _, _ = axes.hist(sums, edges, color="#0b6e99", edgecolor="white")
    axes.axvline(float(np.median(sums)), color="#b3541e")
    axes.set(xlabel=f"points of the tests, of {most:g} (line: median {np.median(sums):g})", ylabel="students")
    axes.yaxis.get_major_locator().set_params(integer=True)
    bins = ", ".join(f"{a:g} to {b:g}: {int(n)}" for a, b, n in zip(edges, edges[1:], counts, strict=False))
    return _image(figure, f"Histogram of the points of {len(sums)} students. Median {np.median(sums):g}. {bins}.")


def _cells(records: list[Record], tests: dict[str, float]) -> str:
    """For each test cell, how many passed, failed, or could not be run."""
    names = list(tests)
    values = [[record.cells.get(name) for record in records] for name in names]
    passed = np.array([sum(value is not None and value > 0 for value in row) for row in values])
    unknown = np.array([sum(value is None for value in row) for row in values])
    failed = len(records) - passed - unknown
    figure, axes = _figure(0.6 + 0.45 * len(names))
    left = np.zeros(len(names))
    kinds = [(passed, "passed", "#5aa9c8"), (failed, "failed", "#e0a03c"), (unknown, "not run", "#bbb")]
    for counts, label, color in kinds:
        if counts.any():
            bars = axes.barh(names, counts, left=left, color=color, label=label)
            axes.bar_label(bars, [str(n) if n else "" for n in counts], label_type="center", color="black")
            left = left + counts
    axes.invert_yaxis()
    axes.set(xlabel="students", xlim=(0, len(records)))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    rows = zip(names, passed, failed, unknown, strict=True)
    told = "; ".join(f"{name}: {p} passed, {f} failed, {u} not run" for name, p, f, u in rows)
    return _image(figure, f"Bars of how many students passed each test cell. {told}.")


def _figure(height: float) -> tuple[Figure, Any]:
    with matplotlib.rc_context({"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(8, height), layout="constrained")
        return figure, figure.subplots()


def _image(figure: Figure, alt: str) -> str:
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=120)
    code = base64.b64encode(data.getvalue()).decode()
    return f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{code}">'
