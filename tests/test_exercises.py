"""The exercises, graded as a class is graded: the reference, the stub, wrong answers, odd and broken submissions."""

import ast
import fcntl
import functools
import html
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import exercise_support as support
import nbformat
import pytest

from dnnlib.grading.course import Course
from dnnlib.grading.limits import GradingError
from dnnlib.grading.release import release

EXERCISES = sorted(path.parent.name for path in support.EXERCISES.glob("source/*/*.ipynb"))
WRONG = [(name, answer) for name in EXERCISES for answer in support.wrong_answers(name)]

Results = Callable[[str], dict[str, Any]]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Grades all submissions of an exercise, once for all processes that run tests. Each process has one class."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if worker else shared
    course = support.new_class(shared / f"class{worker}")

    @functools.cache
    def graded(exercise: str) -> dict[str, Any]:
        found = shared / f"{exercise}.json"
        with (shared / f"{exercise}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not found.exists():
                made = {name: nbformat.writes(notebook) for name, notebook in support.submissions(exercise).items()}
                made["broken"] = "{this is not JSON"
                pages = {"reference", "stub", *support.with_feedback(exercise)}
                found.write_text(json.dumps(support.grade(course, exercise, made, pages, shared / exercise)))
            return json.loads(found.read_text())

    return graded


def lost(exercise: str, results: Results, student: str) -> dict[str, float]:
    """What the tests took away: points by test cell. A cell without a score counts as lost whole."""
    scores = results(exercise)["scores"][student]
    left = {name: scores[name][1] - (scores[name][0] or 0) for name in support.graded(support.read("source", exercise))}
    return {name: points for name, points in left.items() if points}


@each_exercise
def test_points_add_up_to_100(exercise: str) -> None:
    source = support.read("source", exercise)
    cells = [*support.graded(source).values(), *support.graded(source, by_hand=True).values()]
    assert sum(cell.metadata.nbgrader.points for cell in cells) == 100
    assert len(support.graded(source)) >= 4


@each_exercise
def test_question_graded_by_hand_has_a_rubric_with_its_points(exercise: str) -> None:
    source = support.read("source", exercise)
    by_hand = support.graded(source, by_hand=True)
    assert by_hand
    for cell in by_hand.values():
        question = source.cells[source.cells.index(cell) - 1].source
        rubric = question.split("**Rubric**")[1]
        points = [int(number) for number in re.findall(r"\| (\d+) \|$", rubric, re.MULTILINE)]
        assert sum(points) == cell.metadata.nbgrader.points


@each_exercise
def test_every_graded_cell_has_visible_tests_hidden_tests_and_three_wrong_answers(exercise: str) -> None:
    answers = support.answers(exercise)
    graded = support.graded(support.read("source", exercise))
    for name, cell in graded.items():
        hidden = support.HIDDEN.findall(cell.source)
        assert sum("assert " in part for part in hidden) == 1, name
        assert "assert " in support.HIDDEN.sub("", cell.source), name
        assert sum(answer.breaks == name for answer in answers) >= 3, name
    assert {answer.breaks for answer in answers} <= {*graded, "nothing"}
    assert {answer.cell for answer in answers} <= set(support.solutions(support.read("source", exercise)))
    assert any(answer.breaks == "nothing" for answer in answers)


@each_exercise
def test_reference_gets_all_points(exercise: str, results: Results) -> None:
    scores = results(exercise)["scores"]["reference"]
    by_hand = support.graded(support.read("source", exercise), by_hand=True)
    assert lost(exercise, results, "reference") == {}
    assert {name for name, (score, _, manual) in scores.items() if manual and score is None} == set(by_hand)
    assert sum(points for _, points, _ in scores.values()) == 100
    assert "error" not in output_types(results(exercise)["autograded"]["reference"])


@each_exercise
def test_stub_gets_nothing_and_reaches_every_cell(exercise: str, results: Results) -> None:
    scores = results(exercise)["scores"]["stub"]
    assert {score for score, _, _ in scores.values()} == {0}
    assert results(exercise)["records"]["stub"]["status"] == "graded"
    assert None not in results(exercise)["records"]["stub"]["cells"].values()


@pytest.mark.parametrize(("exercise", "answer"), WRONG, ids=[answer.name for _, answer in WRONG])
def test_wrong_answer_fails_its_test_and_no_other(exercise: str, answer: support.Answer) -> None:
    assert support.failed_tests(exercise, {answer.cell: answer.code}) == {answer.breaks}


def test_answer_that_breaks_another_cell_too_is_found() -> None:
    reference = support.solutions(support.read("source", "01_perceptron"))["mistake_bound"].source
    spoilt = f"{reference}\n\ndef neuron(*_):\n    return 0"  # what the cells above call
    assert support.failed_tests("01_perceptron", {"mistake_bound": spoilt}) == {"test_add"}


@each_exercise
def test_reference_alone_fails_no_test_and_stub_every_one(exercise: str) -> None:
    assert support.failed_tests(exercise, {}) == set()
    assert support.failed_tests(exercise, support.stubs(exercise)) == {
        *support.graded(support.read("source", exercise))
    }


@each_exercise
def test_wrong_answers_together_lose_their_cells_and_no_other(exercise: str, results: Results) -> None:
    tests = support.graded(support.read("source", exercise))
    for student, answers in support.joint(exercise).items():
        points = {answer.breaks: tests[answer.breaks].metadata.nbgrader.points for answer in answers}
        assert lost(exercise, results, student) == points, [answer.name for answer in answers]
        assert len(points) == len(answers) < len(tests)
    together = [answer for answers in support.joint(exercise).values() for answer in answers]
    assert {*together} == {*support.wrong_answers(exercise)}


@each_exercise
def test_different_answers_and_warnings_and_a_lost_test_cell_cost_nothing(exercise: str, results: Results) -> None:
    assert lost(exercise, results, "different") == {}
    assert any("warn(" in answer.code for answer in support.answers(exercise) if answer.breaks == "nothing")
    [note] = results(exercise)["records"]["different"]["notes"]
    assert "was missing and is put back" in note
    notebook = nbformat.reads(results(exercise)["autograded"]["different"], as_version=4)
    assert len(support.graded(notebook)) == len(support.graded(support.read("source", exercise)))


@each_exercise
def test_changed_test_cells_are_put_back(exercise: str, results: Results) -> None:
    assert {score for score, _, _ in results(exercise)["scores"]["tampered"].values()} == {0}


@each_exercise
def test_broken_submission_is_refused_and_stops_nobody(exercise: str, results: Results) -> None:
    records = results(exercise)["records"]
    assert records["broken"]["status"] == "refused"
    assert "not a Jupyter notebook" in records["broken"]["reason"]
    assert "broken" not in results(exercise)["scores"]
    assert {record["status"] for name, record in records.items() if name != "broken"} == {"graded"}
    assert {*support.submissions(exercise)} == {*results(exercise)["autograded"]}


@each_exercise
def test_feedback_shows_no_hidden_test_and_no_solution(exercise: str, results: Results) -> None:
    secrets = secret_lines(exercise)
    feedback, handed_in = results(exercise)["feedback"], support.submissions(exercise)
    assert {"reference", "stub", *support.with_feedback(exercise)} == set(feedback)
    for student, page in feedback.items():
        shown = text(page)
        own = "\n".join(cell.source for cell in handed_in[student].cells)
        assert [line for lines in secrets.values() for line in lines if line in shown and line not in own] == []
    graded = "\n".join(cell.source for cell in nbformat.reads(results(exercise)["autograded"]["stub"], 4).cells)
    assert all(line in graded for line in secrets["hidden"])  # the same search does find them where they are


@each_exercise
def test_feedback_says_which_test_failed(exercise: str, results: Results) -> None:
    failed = {
        student: re.findall(r"\w+Error: [^\n]*", text(page)) for student, page in results(exercise)["feedback"].items()
    }
    assert failed["reference"] == []
    messages = [
        (answer, message)
        for student, answers in support.with_feedback(exercise).items()
        for answer, message in zip(answers, failed[student], strict=True)
    ]
    hidden = "AssertionError: a hidden test failed"
    assert {message for answer, message in messages if answer.looks_right} == {hidden}
    assert any("hidden" not in message for _, message in messages)


@each_exercise
def test_release_is_in_step_with_source(exercise: str, tmp_path: Path) -> None:
    course = Course(support.EXERCISES)
    course.config.CourseDirectory.release_directory = course.directory.release_directory = str(tmp_path)
    assert all(changed for _, changed in release(course, [exercise]))
    fresh, stored = tmp_path / exercise, support.EXERCISES / "release" / exercise
    assert {path.name: path.read_bytes() for path in fresh.iterdir()} == {
        path.name: path.read_bytes() for path in stored.iterdir()
    }, "run `make release`"
    assert not any(changed for _, changed in release(course, [exercise]))


@each_exercise
def test_release_holds_no_solution_no_hidden_test_and_no_output(exercise: str) -> None:
    stored = support.read("release", exercise)
    everything = "\n".join(cell.source for cell in stored.cells)
    secrets = secret_lines(exercise)
    assert len(secrets["hidden"]) > 20
    assert len(secrets["solution"]) > 20
    assert [line for lines in secrets.values() for line in lines if line in everything] == []
    for cell in stored.cells:
        if cell.cell_type == "code":
            ast.parse(cell.source)
            assert (cell.outputs, cell.execution_count) == ([], None)
        if support.nbgrader(cell).get("solution"):
            assert "raise NotImplementedError()" in cell.source or cell.source == "YOUR ANSWER HERE"


@each_exercise
def test_release_needs_no_more_than_colab_has(exercise: str) -> None:
    code = "\n".join(cell.source for cell in support.read("release", exercise).cells if cell.cell_type == "code")
    modules = {node.module for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)}
    modules |= {a.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import) for a in node.names}
    packages = {str(module).split(".")[0] for module in modules} - sys.stdlib_module_names
    assert packages <= {"numpy", "matplotlib", "sklearn"}


@each_exercise
def test_plots_are_described(exercise: str) -> None:
    plots = [cell for cell in support.read("source", exercise).cells if "image/png" in str(cell.get("outputs"))]
    assert plots
    for cell in plots:
        assert len(cell.metadata.mystnb.image.alt) > 100


def test_release_refuses_a_bad_source_in_one_line(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION")]
    folder = tmp_path / "source" / "99_bad"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "99_bad.ipynb")
    course = Course(support.EXERCISES, source=tmp_path / "source")
    with pytest.raises(
        GradingError, match="99_bad cannot be released: Solution region detected in a non-solution cell"
    ):
        release(course, [])


def secret_lines(exercise: str) -> dict[str, list[str]]:
    """Lines of the solutions and of the hidden tests, without those that also stand anywhere else."""
    source = support.read("source", exercise)
    everything = "\n".join(cell.source for cell in source.cells)
    solved = [cell.source for cell in support.solutions(source).values()]
    secret = {
        "hidden": support.HIDDEN.findall(everything),
        "solution": [part for cell in solved for part in support.SOLUTION.findall(cell) or [cell]],
    }
    found = {}
    for kind, parts in secret.items():
        rest = functools.reduce(lambda whole, part: whole.replace(part, ""), parts, everything)
        lines = {line.strip() for part in parts for line in part.splitlines()}
        found[kind] = sorted(line for line in lines if len(line) > 9 and line not in rest)
    return found


def text(page: str) -> str:
    """What a reader of an HTML page sees."""
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)))


def output_types(notebook: str) -> set[str]:
    """The kinds of outputs in a notebook."""
    cells = nbformat.reads(notebook, as_version=4).cells
    return {output.output_type for cell in cells for output in cell.get("outputs", [])}
