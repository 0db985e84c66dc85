"""Check an exercise before handing it in: `python -m dnnlib.check exercise.ipynb`.

It runs the notebook from the top in a fresh process, and then the visible tests of every task, in the way in which the
grader runs them. The hidden tests of the grader come on top.
"""

import argparse
import json
import os
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dnnlib.grading.exercise import Exercise, combine
from dnnlib.grading.intake import Refused, read, rebuild
from dnnlib.grading.job import job
from dnnlib.grading.judge import judge
from dnnlib.grading.limits import GradingError, Limits


@dataclass(frozen=True)
class Result:
    """What the visible tests of one task said: `message` is empty if they pass."""

    test: str
    points: float
    message: str


def check(path: Path, limits: Limits | None = None) -> list[Result]:
    """Run the visible tests of an exercise on a student's notebook. Its code runs with the rights of the caller.

    Args:
        path: the notebook.
        limits: time and memory that it may use.

    Raises:
        GradingError: the file cannot be read, or is no exercise.
    """
    try:
        data = read(path)
        exercise = released(path, data)
        rebuilt = rebuild(exercise, data)
    except Refused as refusal:
        raise GradingError(str(refusal)) from None
    verdict = judge(job(exercise, rebuilt, limits or Limits(), trusted=True))
    results = []
    for key, piece in enumerate(rebuilt.pieces):
        if piece.cell is not None and piece.cell.kind == "test":
            told = verdict["tests"].get(key) or {"passed": False, "name": "", "message": verdict["reason"]}
            message = (
                "" if told["passed"] else f"{told['name']}: {told['message']}".removesuffix(": ").removeprefix(": ")
            )
            results.append(Result(piece.cell.grade_id, piece.cell.points, message))
    return results


def released(path: Path, data: bytes) -> Exercise:
    """The exercise that a notebook belongs to: the released one in a folder above, else what the notebook itself says.

    Raises:
        GradingError: neither is there.
        Refused: it is no notebook.
    """
    places = [folder / "exercises" / "release" / path.stem for folder in [*path.resolve().parents, Path.cwd()]]
    original = next((place / path.name for place in places if (place / path.name).is_file()), path)
    notebook: dict[str, Any] = json.loads(original.read_text("utf-8-sig")) if original != path else _parsed(data)
    exercise = combine(path.stem, notebook, notebook)
    if not any(exercise.tests()):
        raise GradingError(
            f"{path.name} has no test cells that can be told from other cells: the editor that saved it dropped their "
            "marks. Copy your cells into a fresh notebook from exercises/release."
        )
    return exercise


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        notebook: dict[str, Any] = json.loads(data.decode("utf-8-sig"))
        for cell in notebook["cells"]:
            cell["metadata"].get("nbgrader")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("the file is not a Jupyter notebook of format 4") from None
    return notebook


def table(results: list[Result], by_hand: float) -> str:
    """The results as text."""
    width = max(len(result.test) for result in results)
    lines = [f"{'test':{width}}  points  visible tests"]
    for result in results:
        told = textwrap.wrap(result.message, max(40, 110 - width)) or ["pass"]
        lines.append(f"{result.test:{width}}  {result.points:6g}  {told[0]}")
        lines += [" " * (width + 10) + line for line in told[1:]]
    passed = [result for result in results if not result.message]
    points, most = sum(result.points for result in passed), sum(result.points for result in results)
    lines.append(f"\n{len(passed)} of {len(results)} pass: {points:g} of {most:g} points if the hidden tests pass too.")
    if by_hand:
        lines.append(f"{by_hand:g} points more are for answers that a person reads.")
    return "\n".join(lines)


def main() -> None:
    """Check one notebook. The exit status is 0 if all visible tests pass."""
    parser = argparse.ArgumentParser(prog="python -m dnnlib.check", description="Run the visible tests of an exercise.")
    parser.add_argument("notebook", type=Path)
    path = parser.parse_args().notebook
    if os.name == "nt":
        sys.exit("dnnlib.check: it needs Linux or macOS (WSL, Colab). The test cells in the notebook work everywhere.")
    try:
        results = check(path)
        exercise = released(path, read(path))
    except (GradingError, Refused) as error:
        sys.exit(f"dnnlib.check: {error}")
    print(table(results, sum(cell.points for cell in exercise.cells.values() if cell.kind == "answer")))
    sys.exit(any(result.message for result in results))


if __name__ == "__main__":
    main()
