"""Grade a class from the command line: `python -m dnnlib.grading --help`."""

import argparse
import os
import sys
from pathlib import Path

try:
    from dnnlib.grading.autograde import autograde, table
    from dnnlib.grading.course import Course, write
    from dnnlib.grading.export import SYSTEMS, enter_roster, export
    from dnnlib.grading.feedback import feedback
    from dnnlib.grading.handin import intake
    from dnnlib.grading.limits import GradingError, Limits
    from dnnlib.grading.release import release
    from dnnlib.grading.report import report, summary
except ModuleNotFoundError as error:
    sys.exit(f"dnnlib.grading: {error.name} is not installed. Install what grades: pip install 'dnnlib[exercises]'")


def main() -> None:
    """Do one step; end with one message and status 1 if it cannot be done."""
    options = parser().parse_args()
    try:
        course = Course(options.course, options.source, options.db)
        options.step(course, options)
    except GradingError as error:
        sys.exit(f"dnnlib.grading: {error}")
    except KeyboardInterrupt:
        sys.exit("\ndnnlib.grading: interrupted. Nothing is lost: the same command goes on from here.")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    main = argparse.ArgumentParser(
        prog="python -m dnnlib.grading", description="From a folder of submissions to grades."
    )
    main.add_argument("--course", type=Path, default=Path("exercises"), help="folder with nbgrader_config.py")
    main.add_argument("--source", type=Path, help="folder with the sources, if it is another")
    main.add_argument("--db", help="gradebook, for instance postgresql://user@host/grades")
    steps = main.add_subparsers(required=True, metavar="STEP")

    step = steps.add_parser("release", help="write the notebooks that students get")
    step.add_argument("exercise", nargs="*")
    step.set_defaults(step=_release)

    step = steps.add_parser("intake", help="take in a folder of submissions: STUDENT/….ipynb or STUDENT.ipynb")
    step.add_argument("exercise")
    step.add_argument("folder", type=Path)
    step.add_argument("--roster", type=Path, help="CSV with the columns id, last_name, first_name, email")
    step.set_defaults(step=_intake)

    step = steps.add_parser(
        "autograde", help="run the tests on what was taken in; again, to go on after an interruption"
    )
    step.add_argument("exercise")
    step.add_argument("--workers", type=int, default=0, help="how many at a time (default: one for each core)")
    step.add_argument("--scheduler", help="judge on the workers of this Dask scheduler, tcp://host:8786")
    step.add_argument("--again", action="store_true", help="also those that are graded")
    step.add_argument("--trust-submissions", action="store_true", help="no box: students' code gets your own rights")
    step.add_argument("--cell-seconds", type=float, default=Limits.cell_seconds, help="time of one cell")
    step.add_argument("--memory", type=int, default=Limits.memory >> 20, help="MiB of one submission")
    step.set_defaults(step=_autograde)

    step = steps.add_parser("feedback", help="write a page for each student")
    step.add_argument("exercise")
    step.add_argument("student", nargs="*")
    step.set_defaults(step=_feedback)

    step = steps.add_parser("report", help="who was graded, who was not and why; which question fails")
    step.add_argument("exercise")
    step.set_defaults(step=_report)

    step = steps.add_parser("export", help="grades as CSV")
    step.add_argument("exercise")
    step.add_argument("--to", choices=SYSTEMS, default="table", help="the course system that reads it")
    step.add_argument("--column", help="title of the column, as the course system wants it")
    step.add_argument("--output", type=Path, help="file to write (default: the terminal)")
    step.set_defaults(step=_export)
    return main


def _release(course: Course, options: argparse.Namespace) -> None:
    for path, changed in release(course, options.exercise):
        print(f"{os.path.relpath(path)}: {'written' if changed else 'unchanged'}")


def _intake(course: Course, options: argparse.Namespace) -> None:
    if options.roster:
        print(f"{enter_roster(course, options.roster)} students on the roster")
    print(table(intake(course, options.exercise, options.folder)))


def _autograde(course: Course, options: argparse.Namespace) -> None:
    limits = Limits(cell_seconds=options.cell_seconds, memory=options.memory << 20)
    records = autograde(
        course,
        options.exercise,
        workers=options.workers,
        scheduler=options.scheduler,
        trusted=options.trust_submissions,
        again=options.again,
        limits=limits,
    )
    print(table(records))


def _feedback(course: Course, options: argparse.Namespace) -> None:
    pages = feedback(course, options.exercise, options.student)
    print(f"{len(pages)} pages in {os.path.relpath(course.folder('feedback'))}")


def _report(course: Course, options: argparse.Namespace) -> None:
    page = course.root / "reports" / f"{options.exercise}.html"
    write(page, report(course, options.exercise))
    print("\n".join([*summary(course, options.exercise), f"the page: {os.path.relpath(page)}"]))


def _export(course: Course, options: argparse.Namespace) -> None:
    text = export(course, options.exercise, options.to, options.column)
    if options.output is None:
        print(text, end="")
    else:
        write(options.output, text)
        print(f"written: {options.output}")


if __name__ == "__main__":
    main()
