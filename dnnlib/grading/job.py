"""What a judge is given to do."""

from dataclasses import asdict
from typing import Any

from dnnlib.grading.exercise import Exercise
from dnnlib.grading.intake import Rebuilt
from dnnlib.grading.limits import Limits


def job(exercise: Exercise, rebuilt: Rebuilt, limits: Limits, trusted: bool) -> dict[str, Any]:
    """What a judge gets: the code cells in order, and the limits. Keys are positions in the rebuilt notebook."""
    items: list[dict[str, Any]] = []
    for key, piece in enumerate(rebuilt.pieces):
        if piece.type != "code":
            continue
        item: dict[str, Any] = {"key": key, "kind": "student", "source": piece.source}
        if piece.cell is not None and piece.cell.kind == "given":
            item["kind"] = "given"
        elif piece.cell is not None and piece.cell.kind == "test":
            item |= {"kind": "test", "visible": piece.cell.visible, "names": exercise.names}
        items.append(item)
    return {"items": items, "limits": asdict(limits), "trusted": trusted}
