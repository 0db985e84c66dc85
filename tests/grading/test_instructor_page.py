"""The instructor's page: its commands are run on a class, and have to print what the page shows."""

import re
import subprocess
import sys
from pathlib import Path

import exercise_support as support
import nbformat
import pytest
from class_support import ANSWERS, EXERCISE

PAGE = support.EXERCISES / "grading.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROSTER = """id,last_name,first_name,email
ada,Lovelace,Ada,ada@example.org
alan,Turing,Alan,alan@example.org
emmy,Noether,Emmy,emmy@example.org
frank,Rosenblatt,Frank,frank@example.org
grace,Hopper,Grace,grace@example.org
kurt,Gödel,Kurt,kurt@example.org
marvin,Minsky,Marvin,marvin@example.org
rosalind,Franklin,Rosalind,rosalind@example.org
seymour,Papert,Seymour,seymour@example.org
"""
ENDLESS = "def train(x, y, epochs):\n    while True:\n        pass\n"


def the_class(folder: Path) -> None:
    """What eight of nine students hand in: right, wrong, endless, broken, stripped by an editor, half, empty."""
    work = {"ada": support.submit(EXERCISE, {}), "seymour": support.read("release", EXERCISE)}
    for student, answer in [("alan", "train_sign"), ("frank", "at_least_visible_only"), ("grace", "different_add")]:
        work[student] = support.submit(EXERCISE, {ANSWERS[answer].cell: ANSWERS[answer].code})
    work["kurt"] = support.submit(EXERCISE, {"train": ENDLESS})
    work["marvin"] = support.submit(EXERCISE, {})
    for cell in work["marvin"].cells:
        cell.metadata = {}
    work["marvin"].cells = [cell for cell in work["marvin"].cells if not cell.source.startswith("for p, q, inside")]
    (folder / "handed_in").mkdir()
    for student, notebook in work.items():
        (folder / "handed_in" / f"{student}.ipynb").write_text(nbformat.writes(notebook))
    (folder / "handed_in" / "emmy.ipynb").write_text("<html>Please log in</html>")
    (folder / "roster.csv").write_text(ROSTER)
    support.new_class(folder / "class")


def play(folder: Path) -> list[tuple[str, str, str]]:
    """Run every command of the page: the command, what the page shows, what it printed."""
    done = []
    for block in CONSOLE.findall(PAGE.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            words = command.replace("python", sys.executable, 1).split()
            place = folder if "--course" in words else support.EXERCISES.parent
            run = subprocess.run(words, cwd=place, capture_output=True, text=True)
            assert run.returncode == 0, run.stderr
            done.append((command, shown, re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+", "2026-10-30T17:02:11+00:00", run.stdout)))
    return done


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """The page, played."""
    folder = tmp_path_factory.mktemp("story")
    the_class(folder)
    return play(folder)


def test_every_command_prints_what_the_page_shows(story: list[tuple[str, str, str]]) -> None:
    assert len(story) == 6
    for command, shown, printed in story:
        assert printed == shown, command


def test_page_shows_every_kind_of_end(story: list[tuple[str, str, str]]) -> None:
    export = story[-1][2]
    for student, ending in [("emmy", "refused"), ("rosalind", "not handed in"), ("seymour", ",0,100,graded")]:
        assert re.search(f"^{student},.*{ending}", export, re.MULTILINE), student
