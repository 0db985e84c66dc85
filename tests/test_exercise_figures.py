"""The curves of the exercises' plots are told apart by more than their colours."""

import ast

import exercise_support as support
import pytest

EXERCISES = sorted(path.parent.name for path in support.EXERCISES.glob("source/*/*.ipynb"))
CURVES = {"plot", "semilogy", "semilogx", "loglog"}
LOOKS = {"ls", "lw", "marker"}


def alike(code: str) -> list[str]:
    """The curves that a loop draws under different labels in one style: their legend would go by colour alone.

    `check_legends` judges the drawing itself, but all exercises would have to run for it. So a convention stands in for
    it: such a curve is given a variable `style`, a choice ("--" if ... else "-"), or an `ls`, `lw` or `marker` that
    is no constant.
    """
    loops = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.For)]
    calls = [node for loop in loops for node in ast.walk(loop) if isinstance(node, ast.Call)]
    found = []
    for call in calls:
        words = {word.arg: word.value for word in call.keywords}
        one_label = isinstance(words.get("label", ast.Constant(None)), ast.Constant)
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in CURVES or one_label:
            continue
        varied = any(name in LOOKS and not isinstance(value, ast.Constant) for name, value in words.items())
        if not varied and not any(isinstance(part, ast.IfExp) or "style" in ast.unparse(part) for part in call.args):
            found.append(ast.unparse(call))
    return found


@pytest.mark.parametrize("exercise", EXERCISES)
def test_curves_differ_in_more_than_their_colours(exercise: str) -> None:
    cells = [cell.source for cell in support.read("source", exercise).cells if cell.cell_type == "code"]
    assert [curve for cell in cells for curve in alike(cell)] == []


@pytest.mark.parametrize("look", ["", '"o-", ', "color=color, ", 'marker="o", ', 'ls="--", lw=2, '])
def test_curves_of_one_style_are_found(look: str) -> None:
    curve = f"ax.plot(x, y, {look}label=name)"
    assert len(alike(f"for name, (x, y) in curves.items():\n    {curve}")) == 1
    assert alike(curve) == []  # a single one


@pytest.mark.parametrize("look", ["style, ", "styles[name], ", '"--" if eps else "-", ', "marker=marker, "])
def test_curves_of_their_own_styles_pass(look: str) -> None:
    assert alike(f"for name, (x, y) in curves.items():\n    ax.plot(x, y, {look}label=name)") == []
