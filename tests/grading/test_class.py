"""A class from submissions to grades: resuming, workers, gradebooks, Dask, formgrader, CSV, report."""

import contextlib
import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import exercise_support as support
import nbformat
import pytest
from class_support import CLASS, EXERCISE, grades_of, hand_in, postgres

from dnnlib.grading.autograde import autograde
from dnnlib.grading.course import Course
from dnnlib.grading.export import export
from dnnlib.grading.feedback import feedback
from dnnlib.grading.handin import intake
from dnnlib.grading.report import report, summary


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class that was graded by one worker into SQLite."""
    folder = tmp_path_factory.mktemp("class")
    made = support.new_class(folder / "class")
    intake(made, EXERCISE, hand_in(folder / "in"))
    autograde(made, EXERCISE, workers=1)
    return made


def command(course: Course, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `python -m dnnlib.grading` on a course."""
    line = [sys.executable, "-m", "dnnlib.grading", "--course", str(course.root), *words]
    return subprocess.run(line, capture_output=True, text=True, **options)


def test_each_student_gets_the_points_of_what_is_right(course: Course) -> None:
    tests = {cell.grade_id: cell.points for cell in course.exercise(EXERCISE).tests()}
    for student, points in grades_of(course).items():
        breaks = CLASS[student]
        expected = {test: 0 if breaks in (test, "everything") else most for test, most in tests.items()}
        assert {test: points[test] for test in tests} == expected, student


@pytest.mark.parametrize(("workers", "database"), [(2, "sqlite"), (4, "sqlite"), (2, "postgresql")])
def test_workers_and_databases_give_the_same_grades(
    course: Course, tmp_path: Path, workers: int, database: str
) -> None:
    with postgres() if database == "postgresql" else contextlib.nullcontext() as url:
        other = Course(support.new_class(tmp_path / "class").root, db=url)
        intake(other, EXERCISE, hand_in(tmp_path / "in"))
        records = autograde(other, EXERCISE, workers=workers)
        assert {record.status for record in records} == {"graded", "refused"}
        assert grades_of(other) == grades_of(course)


def test_dask_gives_the_same_grades(course: Course, tmp_path: Path) -> None:
    from distributed import LocalCluster

    other = support.new_class(tmp_path / "class")
    intake(other, EXERCISE, hand_in(tmp_path / "in"))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        autograde(other, EXERCISE, scheduler=cluster.scheduler_address)
    assert grades_of(other) == grades_of(course)


def test_no_scheduler_is_said_in_one_line(course: Course) -> None:
    said = command(course, "autograde", EXERCISE, "--again", "--scheduler", "tcp://127.0.0.1:9")
    assert said.returncode == 1
    assert (
        said.stderr.strip().splitlines()[-1].startswith("dnnlib.grading: no Dask scheduler answers at tcp://127.0.0.1")
    )


def test_run_that_is_killed_goes_on_and_ends_with_the_same_grades(course: Course, tmp_path: Path) -> None:
    other = support.new_class(tmp_path / "class")
    intake(other, EXERCISE, hand_in(tmp_path / "in"))
    line = [sys.executable, "-m", "dnnlib.grading", "--course", str(other.root), "autograde", EXERCISE]
    reached = []
    for wanted in (2, 5):
        run = subprocess.Popen([*line, "--workers", "2"], stderr=subprocess.DEVNULL, start_new_session=True)
        while run.poll() is None and graded(other) < wanted:
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        reached.append(graded(other))
        for record in other.records(EXERCISE):  # none is half written, none is counted that is not in the gradebook
            if record.status == "graded":
                assert other.notebook("autograded", record.student, EXERCISE).exists()
                assert grades_of(other)[record.student] == grades_of(course)[record.student]
    assert 2 <= reached[0] <= reached[1] < len(CLASS), "it was not interrupted in the middle"
    received = {record.student: record.received for record in other.records(EXERCISE)}
    assert subprocess.run([*line, "--workers", "2"], capture_output=True).returncode == 0
    assert grades_of(other) == grades_of(course)
    assert {record.student: record.received for record in other.records(EXERCISE)} == received


def graded(course: Course) -> int:
    """How many submissions have a record that says graded."""
    return sum(record.status == "graded" for record in course.records(EXERCISE))


def test_second_run_grades_nothing_again_and_keeps_what_a_person_gave(course: Course) -> None:
    before = os.stat(course.notebook("autograded", "reference", EXERCISE)).st_mtime_ns
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url) as gradebook:
        gradebook.find_grade("one_neuron", EXERCISE, EXERCISE, "reference").manual_score = 12
        gradebook.db.commit()
    said = command(course, "autograde", EXERCISE)
    assert said.returncode == 0, said.stderr
    assert os.stat(course.notebook("autograded", "reference", EXERCISE)).st_mtime_ns == before
    said = command(course, "autograde", EXERCISE, "--again")
    assert said.returncode == 0, said.stderr
    assert os.stat(course.notebook("autograded", "reference", EXERCISE)).st_mtime_ns > before
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_grade("one_neuron", EXERCISE, EXERCISE, "reference").manual_score == 12
        assert len(gradebook.assignment_submissions(EXERCISE)) == len(CLASS)


def test_later_file_replaces_an_earlier_one_and_a_refused_one_does_not(tmp_path: Path) -> None:
    course = support.new_class(tmp_path / "class")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.ipynb").write_text(nbformat.writes(support.read("release", EXERCISE)))
    [first] = intake(course, EXERCISE, folder)
    [same] = intake(course, EXERCISE, folder)
    assert same == first
    (folder / "ada.ipynb").write_text("{")
    [kept] = intake(course, EXERCISE, folder)
    assert (kept.status, kept.sha256) == ("received", first.sha256)
    assert "a later file was refused, the earlier one counts" in kept.notes[0]
    (folder / "ada.ipynb").write_text(nbformat.writes(support.submit(EXERCISE, {})))
    [second] = intake(course, EXERCISE, folder)
    assert second.sha256 != first.sha256
    assert course.notebook("submitted", "ada", EXERCISE).read_bytes() == (folder / "ada.ipynb").read_bytes()


@contextlib.contextmanager
def server(course: Course) -> Iterator[Any]:
    """Jupyter with nbgrader's formgrader; a function that sends it requests."""
    port = free_port()
    line = [sys.executable, "-m", "jupyter", "server", "--allow-root", "--no-browser", f"--ServerApp.port={port}"]
    line += ["--ServerApp.token=secret", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={course.root}"]
    line += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    with (course.root / "server.log").open("w") as log, subprocess.Popen(line, cwd=course.root, stderr=log) as process:

        def ask(path: str, data: dict[str, Any] | None = None) -> str:
            body = None if data is None else json.dumps(data).encode()
            head = {"Authorization": "token secret"}
            address = f"http://127.0.0.1:{port}{path}"
            request = urllib.request.Request(address, body, head, method="PUT" if data else "GET")
            with urllib.request.urlopen(request) as reply:
                return str(reply.read().decode())

        try:
            while process.poll() is None:
                with contextlib.suppress(urllib.error.URLError):
                    ask("/api")
                    break
                time.sleep(0.1)
            yield ask
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_formgrader_shows_the_work_and_takes_points(course: Course) -> None:
    with server(course) as ask:
        found = json.loads(ask(f"/formgrader/api/submitted_notebooks/{EXERCISE}/{EXERCISE}"))
        assert {entry["student"] for entry in found} == set(CLASS)
        own = next(entry["id"] for entry in found if entry["student"] == "at_least_majority")
        page = ask(f"/formgrader/submissions/{own}/")
        assert "ignores k: always a vote of the majority" in page
        grades = json.loads(ask(f"/formgrader/api/grades?submission_id={own}"))
        answer = next(grade for grade in grades if grade["name"] == "one_neuron")
        ask(f"/formgrader/api/grade/{answer['id']}", {"manual_score": 7, "extra_credit": 0})
    row = next(row for row in rows(export(course, EXERCISE, "table")) if row[0] == "at_least_majority")
    assert row[5:8] == ["77", "100", "graded"]  # 100 - 15 for the cell, 8 of the 15 of the question


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_export_leaves_empty_what_is_not_graded_to_the_end(course: Course) -> None:
    found = {row[0]: row for row in rows(export(course, EXERCISE, "table"))}
    assert found["stub"][5] == "0"  # it is graded: nothing was answered
    assert found["full_adder_sum_alone"][5:8] == ["", "100", "waits for a person"]
    assert found["broken"][5] == ""
    assert found["broken"][7] == "refused"
    assert "not a Jupyter notebook" in found["broken"][8]


@pytest.mark.parametrize(
    ("system", "head", "stub"),
    [
        ("moodle", [["ID number", "Email address", "Week 1"]], ["stub", "", "0"]),
        (
            "canvas",
            [
                ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week 1"],
                ["    Points Possible", "", "", "", "", "100"],
            ],
            ["stub", "", "", "stub", "", "0"],
        ),
        ("blackboard", [["Last Name", "First Name", "Username", "Week 1"]], ["", "", "stub", "0"]),
    ],
)
def test_export_has_the_columns_of_course_systems(
    course: Course, system: str, head: list[list[str]], stub: list[str]
) -> None:
    found = rows(export(course, EXERCISE, system, "Week 1"))
    assert found[: len(head)] == head
    assert stub in found


def test_roster_names_who_has_not_handed_in_and_no_field_is_a_formula(tmp_path: Path) -> None:
    course = support.new_class(tmp_path / "class")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_text(nbformat.writes(support.submit(EXERCISE, {})))
    roster = tmp_path / "roster.csv"
    roster.write_text("id,last_name,first_name,email\nada,Lovelace,Ada,ada@x.org\nbob,=1+1,Bob,\n")
    said = command(course, "intake", EXERCISE, str(tmp_path / "in"), "--roster", str(roster))
    assert said.stdout.splitlines() == ["2 students on the roster", "1 received"], said.stderr
    said = command(course, "report", EXERCISE)
    assert said.stdout.splitlines()[:2] == [
        "2 students: 1 received, 1 not handed in",
        "  ada: received: run autograde",
    ]
    assert rows(export(course, EXERCISE, "blackboard"))[1:] == [
        ["Lovelace", "Ada", "ada", ""],
        ["'=1+1", "Bob", "bob", ""],
    ]


def test_report_is_one_page_that_loads_nothing(course: Course) -> None:
    page = report(course, EXERCISE)
    assert re.findall(r"""(?:src|href)=["'](?!data:)""", page) == []
    assert page.count("<img alt=") == 2
    assert f"Histogram of the points of {len(CLASS)} students" in page
    assert re.search(r"test_at_least: \d+ passed, 3 failed, 0 not run", page)
    assert "<td>broken</td><td>refused</td>" in page
    assert summary(course, EXERCISE)[0].startswith(f"{len(CLASS) + 1} students: {len(CLASS)} graded, 1 refused")


def test_feedback_command_makes_the_page_of_one_student(course: Course) -> None:
    said = command(course, "feedback", EXERCISE, "stub")
    assert said.stdout.startswith("1 pages in"), said.stderr
    page = course.notebook("feedback", "stub", EXERCISE, ".html").read_text()
    assert "NotImplementedError: the function is not written yet" in page
    assert "Not final" not in page
    assert len(feedback(course, EXERCISE, ["stub", "add_plain"])) == 2
    page = course.notebook("feedback", "add_plain", EXERCISE, ".html").read_text()
    assert "<b>Not final:</b> a person has not yet looked at one_neuron." in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["autograde", "99_none"], r"there is no exercise 99_none in .*; there are: 01_perceptron"),
        (["intake", EXERCISE, "nowhere"], "there is no folder nowhere"),
        (["--course", "nowhere", "report", EXERCISE], "nowhere is no course: it has no nbgrader_config.py"),
        (["--db", "sqlite:////dev/null/x.db", "report", EXERCISE], "the gradebook .* cannot be opened"),
        (["intake", EXERCISE, ".", "--roster", "none.csv"], "there is no roster none.csv"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(course: Course, words: list[str], message: str) -> None:
    said = command(course, *words)
    assert said.returncode == 1
    assert re.search(f"^dnnlib.grading: .*{message}", said.stderr), said.stderr
    assert "Traceback" not in said.stderr


def test_missing_nbgrader_is_named_with_its_remedy() -> None:
    hide = "import runpy, sys; sys.modules['nbgrader'] = None; runpy.run_module('dnnlib.grading', run_name='__main__')"
    said = subprocess.run([sys.executable, "-c", hide], capture_output=True, text=True)
    assert said.returncode == 1
    assert re.fullmatch(r"dnnlib.grading: nbgrader\S* is not installed.*'dnnlib\[exercises\]'\n", said.stderr)
