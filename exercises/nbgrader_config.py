"""nbgrader's settings for this course, which `python -m dnnlib.grading` and `nbgrader formgrader` read.

To grade a class in a folder of its own, outside of the repository, put a `nbgrader_config.py` there that says

    load_subconfig("PATH/TO/exercises/nbgrader_config.py")
    c = get_config()
    c.CourseDirectory.root = "PATH/TO/THE/CLASS"

Submissions, grades, feedback and gradebook.db then lie in that folder. `c.CourseDirectory.source_directory` moves the
sources to a private place, `c.CourseDirectory.db_url` the gradebook to another database.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "deep-neural-networks"
c.CourseDirectory.root = str(HERE)
c.CourseDirectory.source_directory = str(HERE / "source")
c.CourseDirectory.release_directory = str(HERE / "release")
