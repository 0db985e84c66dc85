"""One class of hostile, broken and honest submissions, graded together: what must hold for every one of them."""

import re
from pathlib import Path

import broken
import grading_support as support
import nbformat
import psutil
import pytest
from grading_support import EXERCISE, POINTS, Batch, Case

from dnnlib.grading.course import GRADED, LOOK, RECEIVED, REFUSED

CASES = support.cases()
HONEST = sorted(support.honest())
BROKEN = [make.__name__ for make in broken.ALL]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
each_broken = pytest.mark.parametrize("name", BROKEN)
each_honest = pytest.mark.parametrize("student", HONEST)
UNNAMED = {"odd_name", "odd_bytes"}


@pytest.fixture(scope="session")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """The class, graded once."""
    return support.grade_hostile_class(tmp_path_factory.mktemp("hostile"))


@each_case
def test_attack_happens_and_is_contained(case: Case, batch: Batch) -> None:
    record = batch.records[case.name]
    assert record.status in case.status, f"{case.name}: {record.status}: {record.reason}"
    shown = batch.shown(case.name)
    assert any(sign in shown.replace('\\"', '"') for sign in case.sign), f"no sign of the attack in:\n{shown[-3000:]}"
    assert case.says in shown


@each_case
def test_attack_earns_nothing_and_costs_nothing_else(case: Case, batch: Batch) -> None:
    assert set(batch.lost(case.name)) == case.loses, batch.shown(case.name)[-3000:]


@each_case
def test_attack_learns_nothing(case: Case, batch: Batch) -> None:
    shown = batch.shown(case.name) + batch.page(case.name)
    assert batch.token not in shown
    assert batch.token not in batch.course.notebook("autograded", case.name, EXERCISE).read_text()
    assert [line for line in hidden_lines(batch) if line in shown] == []


@each_honest
def test_honest_neighbour_gets_exactly_its_points(student: str, batch: Batch) -> None:
    record = batch.records[student]
    answers = {f"neighbour_{answer.name}": answer.breaks for answer in support.exercises.answers(EXERCISE)}
    expected = set(POINTS) if student == "neighbour_stub" else {answers[student]} if student in answers else set()
    assert (record.status, record.reason) == (GRADED, "")
    assert set(batch.lost(student)) == expected


@each_broken
def test_broken_submission_is_refused_with_its_reason_or_graded_right(name: str, batch: Batch) -> None:
    if name in UNNAMED:
        reasons = [record.reason for student, record in batch.records.items() if student.startswith("unnamed-")]
        assert len(reasons) == len(UNNAMED)
        assert all("is no student id" in reason and reason.isprintable() for reason in reasons)
        return
    record, reason = batch.records[name], broken.ENDS[name]
    if not reason:
        assert record.status == GRADED, record.reason
        assert set(batch.lost(name)) == broken.LOSES[name]
    elif broken.LOSES[name]:
        assert record.status == LOOK
        assert reason in record.reason
        assert set(record.cells.values()) == {None}
    else:
        assert record.status == REFUSED
        assert any(text in record.reason for text in reason.split("|")), record.reason
        assert not batch.course.notebook("autograded", name, EXERCISE).exists()


def test_every_submission_has_an_end(batch: Batch) -> None:
    expected = {case.name for case in CASES} | set(HONEST) | {*BROKEN} - UNNAMED
    assert expected <= set(batch.records)
    assert {record.status for record in batch.records.values()} <= {GRADED, REFUSED, LOOK}
    assert not [record for record in batch.records.values() if record.status == RECEIVED]
    for record in batch.records.values():
        assert record.reason or record.status == GRADED
        assert set(record.cells) == (set() if record.status == REFUSED else set(POINTS))


def test_gradebook_agrees_with_records(batch: Batch) -> None:
    graded = {name for name, record in batch.records.items() if record.status != REFUSED}
    assert set(batch.scores) == graded
    for student in graded:
        for name, points in batch.records[student].cells.items():
            assert batch.scores[student][name][::2] == [points, points is None]


def test_nothing_was_changed(batch: Batch) -> None:
    database = batch.course.root / "gradebook.db"
    changed = [path for path, data in batch.before.items() if path != database and path.read_bytes() != data]
    assert changed == []
    assert batch.outside - set(batch.before) <= {database, *(path.parent for path in batch.before)} | folders(batch)
    assert [path for path in [Path("/hacked"), Path("/tmp/stash"), Path("/usr/hacked")] if path.exists()] == []
    assert list(support.REPOSITORY.glob("**/hacked*")) == []


def test_nobody_came_to_visit(batch: Batch) -> None:
    assert batch.visitors == []


def test_no_process_is_left_over(batch: Batch) -> None:
    assert batch.left_over == []
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= batch.children


def test_time_of_handing_in_is_not_the_student_s(batch: Batch) -> None:
    records = [batch.records[name] for name in ("extra_files", "neighbour")]
    assert all(record.received[:2] == "20" and record.received[:4] != "2001" for record in records)


@each_case
def test_files_stay_small(case: Case, batch: Batch) -> None:
    size = batch.course.notebook("autograded", case.name, EXERCISE).stat().st_size
    assert size < 10 * support.LIMITS.output


@pytest.mark.parametrize("student", ["script_tags", "scripts_in_text", "output_forged"])
def test_no_script_of_a_student_runs_in_feedback(student: str, batch: Batch) -> None:
    page, honest = batch.page(student), batch.page("neighbour")
    assert page.count("<script") == honest.count("<script")
    for tag in ["<iframe", "<form", "<object", "<embed", "<base"]:
        assert tag not in page
    assert re.findall(r"<[^>]*\son\w+\s*=", page) == re.findall(r"<[^>]*\son\w+\s*=", honest)


def test_feedback_forbids_scripts_that_were_not_in_the_template(batch: Batch) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', batch.page("script_tags"))
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "'unsafe-inline'" not in policy[1].partition("script-src")[2].partition(";")[0]


def test_attacks_are_real(tmp_path: Path) -> None:
    """Without the box, the same cells do read and write what they want."""
    course = support.new_course(tmp_path / "class")
    support.set_canaries(course, "the-secret")
    handed_in = tmp_path / "handed_in"
    handed_in.mkdir()
    for case in CASES:
        if case.name in ("read_gradebook", "read_source"):
            code = case.code.replace("@COURSE@", str(course.root))
            code = code.replace("@REPOSITORY@", str(tmp_path)).replace("@PLACES@", "")
            nbformat.write(support.notebook(case.cell, code), handed_in / f"{case.name}.ipynb")
    write = f"open({str(course.root / 'hacked')!r}, 'w').close()"
    nbformat.write(support.notebook("top", write), handed_in / "write.ipynb")
    support.intake(course, EXERCISE, handed_in)
    support.autograde(course, EXERCISE, limits=support.LIMITS, workers=2, trusted=True)
    for name in ("read_gradebook", "read_source"):
        text = course.notebook("autograded", name, EXERCISE).read_text()
        assert "the-secret" in text
    assert (course.root / "hacked").exists()


def hidden_lines(batch: Batch) -> set[str]:
    """The longer lines of the hidden tests, without those that a student sees or a solution may contain."""
    source = nbformat.read(batch.course.folder("source", exercise=EXERCISE) / f"{EXERCISE}.ipynb", as_version=4)
    hidden = {
        line.strip()
        for cell in source.cells
        for part in support.exercises.HIDDEN.findall(cell.source)
        for line in part.splitlines()
    }
    return {line for line in hidden if len(line) > 25}


def folders(batch: Batch) -> set[Path]:
    """The folders above the files of the course, and its socket."""
    root = batch.course.root
    return {root / "socket", *(path for path in root.rglob("*") if path.is_dir())}
