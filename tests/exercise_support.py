"""Make submissions of an exercise, and grade them with nbgrader in processes of their own.

Run as a program, `exercise_support.py COURSE EXERCISE [STUDENT ...]` grades all submissions in the folder COURSE by
nbgrader's own steps, makes the feedback of the students named, and writes COURSE/result.json.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

EXERCISES = Path(__file__).resolve().parents[1] / "exercises"
WORKERS = 2
HEADER = re.compile(r'"""cell (\w+), breaks (\w+): (.+)"""\n')
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)
FOR_PICTURES = re.compile(r"^.*\b(?:matplotlib|sklearn)\b.*\n?", re.MULTILINE)
SOLUTION = re.compile(r"^ *### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """A solution cell as a student might write it, and the test cell (or "nothing") that it fails."""

    name: str
    cell: str
    breaks: str
    code: str


def answers(exercise: str) -> list[Answer]:
    """The answers in wrong_answers/EXERCISE. The first line of each file names its cell and what it breaks."""
    found = []
    for path in sorted((EXERCISES / "wrong_answers" / exercise).glob("*.py")):
        code = path.read_text()
        header = HEADER.match(code)
        assert header, f'{path.name} does not begin with """cell NAME, breaks NAME: what is wrong."""'
        found.append(Answer(path.stem, header[1], header[2], code))
    return found


def read(kind: str, exercise: str) -> NotebookNode:
    """The notebook of an exercise; `kind` is "source" or "release"."""
    return nbformat.read(EXERCISES / kind / exercise / f"{exercise}.ipynb", as_version=4)


def graded(notebook: NotebookNode, *, by_hand: bool = False) -> dict[str, NotebookNode]:
    """The cells with points, by grade id: those with tests, or those that a person grades."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "points" in nbgrader(cell)}
    return {name: cell for name, cell in cells.items() if nbgrader(cell)["solution"] == by_hand}


def solutions(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that a student fills in, by grade id."""
    cells = [cell for cell in notebook.cells if nbgrader(cell).get("solution")]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def nbgrader(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's metadata of a cell."""
    return cell.metadata.get("nbgrader", {})


def submit(exercise: str, replaced: dict[str, str], *, demonstrations: bool = False) -> NotebookNode:
    """The release notebook, filled in with the reference solution except for the cells in `replaced`.

    The cells that nobody grades (the pictures, and what they import) are kept only with `demonstrations`: they would
    take most of the time.
    """
    notebook = read("release", exercise)
    reference = {name: cell.source for name, cell in solutions(read("source", exercise)).items()}
    for name, cell in solutions(notebook).items():
        cell.source = (reference | replaced)[name]
    if not demonstrations:
        imports = next(cell for cell in notebook.cells if cell.cell_type == "code")
        imports.source = FOR_PICTURES.sub("", imports.source)
        notebook.cells = [imports, *(cell for cell in notebook.cells if nbgrader(cell))]
    return notebook


def grade(exercise: str, submissions: dict[str, str], reports: set[str], folder: Path) -> dict[str, Any]:
    """Grade submissions (student -> text of the file) in several courses side by side; what `main` found, joined.

    Feedback is made for the students in `reports` alone, since it takes a third of the time.
    """
    processes = []
    students = sorted(submissions)
    for worker in range(WORKERS):
        course = folder / str(worker)
        for student in students[worker::WORKERS]:
            path = course / "submitted" / student / exercise / f"{exercise}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(submissions[student])
        own = sorted(reports.intersection(students[worker::WORKERS]))
        command = [sys.executable, __file__, str(course), exercise, *own]
        processes.append(
            (course, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        )
    outputs = [process.communicate()[0] for _, process in processes]
    joined: dict[str, Any] = {"log": ""}
    for (course, process), output in zip(processes, outputs, strict=True):
        assert process.returncode == 0, f"grading failed:\n{output}"
        for key, value in json.loads((course / "result.json").read_text()).items():
            joined[key] = joined["log"] + value if key == "log" else joined.get(key, {}) | value
    return joined


def main(course: Path, exercise: str, reports: list[str]) -> None:
    """Release, autograde, make feedback (also as stock nbgrader makes it), read the gradebook."""
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log
    from traitlets.config.loader import PyFileConfigLoader

    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    config = PyFileConfigLoader(str(EXERCISES / "nbgrader_config.py")).load_config()
    config.CourseDirectory.assignment_id = exercise
    config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
    for step in ["release", "submitted", "autograded", "feedback"]:
        config.CourseDirectory[f"{step}_directory"] = str(course / step)

    def run(step: type, **settings: Any) -> dict[str, Any]:
        return capture_log(step(coursedir=CourseDirectory(config=config, **settings), config=config))

    def files(step: str) -> dict[str, str]:
        return {path.parts[-3]: path.read_text() for path in course.glob(f"{step}/*/{exercise}/{exercise}.*")}

    released = run(GenerateAssignment)
    assert released["success"], released["log"]
    result: dict[str, Any] = {"log": run(Autograde).get("log", "")}
    for student in reports:
        run(GenerateFeedback, student_id=student)
    del config.GenerateFeedback.preprocessors
    for student in reports[-1:]:
        run(GenerateFeedback, student_id=student, feedback_directory=str(course / "stock"))
    result |= {"autograded": files("autograded"), "feedback": files("feedback"), "stock": files("stock")}
    with Gradebook(config.CourseDirectory.db_url) as gradebook:
        result["scores"] = {
            submission.student.id: {
                grade.name: [grade.auto_score, grade.max_score, grade.needs_manual_grade]
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(exercise)
        }
    (course / "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
