"""nbgrader's settings for this course. Every `nbgrader` command that is run in this folder reads them.

The two preprocessors below mend two things that stock nbgrader does to honest students: it gives 0 for a test cell in
which a warning was printed, and its feedback shows the hidden tests (their source, and again in each traceback).
"""

import re
from pathlib import Path

from nbconvert.filters import strip_ansi
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade

ARROW = re.compile(r"^-+> (\d+)", re.MULTILINE)  # IPython's mark of the line that raised


class ForgiveWarnings(NbGraderPreprocessor):
    """What a test cell prints on stderr is no error: only an exception costs points."""

    def preprocess_cell(self, cell, resources, index):
        if is_grade(cell):
            for output in cell.get("outputs", []):
                if output.output_type == "stream":
                    output.name = "stdout"
        return cell, resources


class ShowVerdictOnly(NbGraderPreprocessor):
    """In the feedback a test cell shows the message of the visible test that failed, or that a hidden one did."""

    def preprocess_cell(self, cell, resources, index):
        if is_grade(cell) and cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.output_type == "error"]
            for output in cell.outputs:
                arrow = ARROW.search(strip_ansi("\n".join(output.traceback)))
                if arrow is None:  # the cell was stopped, and the traceback is nbgrader's own
                    output.evalue = ""
                elif "BEGIN HIDDEN TESTS" in "\n".join(cell.source.split("\n")[: int(arrow[1])]):
                    output.evalue = "a hidden test failed"
                output.traceback = [f"{output.ename}: {output.evalue}".removesuffix(": ")]
        return cell, resources


c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "deep-neural-networks"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)
# source/, release/, submitted/, autograded/, feedback/ and gradebook.db lie in this folder. To keep submissions and
# grades elsewhere, set CourseDirectory.submitted_directory etc. and CourseDirectory.db_url to absolute paths.

c.ExecutePreprocessor.timeout = 60  # seconds a cell
c.OverwriteCells.add_missing_cells = True  # a test cell that a student deleted is put back

c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute",
    ForgiveWarnings,
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    ShowVerdictOnly,
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
