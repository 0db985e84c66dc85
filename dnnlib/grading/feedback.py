"""The pages that go back to students: their notebook, the verdict of every test, points and comments.

No hidden test is in them, and nothing that a student wrote can run in the browser of who reads them.
"""

import base64
import hashlib
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import ClearHiddenTests, GetGrades

from dnnlib.grading.course import GRADED, LOOK, Course, write
from dnnlib.grading.gradebook import Grades

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
SOURCE = re.compile(r'src="(https://[^"]+/)')


def feedback(course: Course, name: str, students: Collection[str] = ()) -> list[Path]:
    """Write the pages of an exercise, and return them.

    Args:
        course: the course.
        name: the exercise.
        students: whose pages; everybody's if empty. There is none for a submission that was not graded.

    Raises:
        GradingError: the gradebook cannot be opened.
    """
    pages = []
    exporter: Any = HTMLExporter(config=GenerateFeedback(coursedir=course.directory, config=course.config).config)
    policy = _policy(exporter)
    with Grades(course) as grades:
        waiting = grades.waiting(name)
        for record in course.records(name):
            graded = course.notebook("autograded", record.student, name)
            wanted = not students or record.student in students
            if wanted and record.status in (GRADED, LOOK) and graded.exists():
                resources = grades.resources(name, record.student)
                notebook, resources = grades.run(GetGrades(), nbformat.read(graded, as_version=4), resources)
                notebook, resources = ClearHiddenTests().preprocess(notebook, resources)
                page, _ = exporter.from_notebook_node(notebook, resources)
                pages.append(course.notebook("feedback", record.student, name, ".html"))
                page = page.replace("<head>", f"<head>\n{policy}", 1)
                write(pages[-1], page.replace("<body>", f"<body>\n{_waiting(waiting[record.student])}", 1))
    return pages


def _waiting(cells: list[str]) -> str:
    """A line that says which points are not final, since nbgrader shows them as 0."""
    if not cells:
        return ""
    return f'<p class="container"><b>Not final:</b> a person has not yet looked at {", ".join(cells)}.</p>'


def _policy(exporter: Any) -> str:
    """The rule for browsers that only the scripts of an empty page may run: those that draw mathematics."""
    empty, _ = exporter.from_notebook_node(nbformat.v4.new_notebook(), _nothing())
    allowed = set()
    for attributes, code in SCRIPT.findall(empty):
        source = SOURCE.search(attributes)
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        allowed.add(source[1] if source else f"'sha256-{digest}'")
    hosts = " ".join(sorted(rule for rule in allowed if rule.startswith("https")))
    rules = {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'unsafe-inline' {hosts}",
        "font-src": f"data: {hosts}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "script-src": " ".join(sorted(allowed)) or "'none'",
    }
    text = "; ".join(f"{kind} {rule}".strip() for kind, rule in rules.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'


def _nothing() -> dict[str, Any]:
    return {"nbgrader": {"notebook": "", "score": 0, "max_score": 0, "late_penalty": 0}}
