"""The course's links to other hosts, in one file with the date and the answer of the last check.

    python tools/links.py list      add the links that are new, as "never" checked, and take out those that are gone
    python tools/links.py check     the same, and ask every address

The links are those of the built site and of the repository's own documents. Launch buttons and links to the course's
repository follow one setting in _config.yml and are not listed. Sphinx's link checker asks: it retries, waits where a
host wants it, and takes a page where a host refuses to be asked for its head alone.
"""

from __future__ import annotations

import argparse
import datetime
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin
from pages import ROOT, SITE, Page, read_site, write_whole

LINKS = ROOT / "tests" / "site" / "links.tsv"
HEAD = "checked\tresult\tlink\n"
SECONDS = 30  # that an address has to answer


class Check(NamedTuple):
    """When a link was last checked, and what came of it."""

    day: str = "never"
    result: str = ""


def documents(root: Path, pages: dict[str, Page]) -> dict[str, Page]:
    """The repository's documents that are no page of the site, read as its hosts show them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md", "CITATION.cff"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    names = [name for name in listed if name and Path(name).with_suffix(".html").as_posix() not in pages]
    return {name: document((root / name).read_text("utf-8")) for name in sorted(names) if (root / name).exists()}


def document(text: str) -> Page:
    """A document in Markdown, or in another form of text, whose bare addresses are links too."""
    markdown = MarkdownIt().enable("table").use(anchors_plugin, max_level=6)
    return Page(markdown.render(re.sub(r"(?<=\s)https?://[^\s<>`]+", r"<\g<0>>", text)))


def outside_links(pages: dict[str, Page]) -> dict[str, list[str]]:
    """Every link to another host, with the pages that have it; not those that follow the setting of the repository."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    buttons = config["launch_buttons"]
    derived = (config["repository"]["url"], buttons["colab_url"], buttons["binderhub_url"])
    found: dict[str, list[str]] = {}
    for name, page in pages.items():
        for link in page.links:
            if re.match("https?://", link) and not link.startswith(derived):
                found.setdefault(link, []).append(name)
    return dict(sorted(found.items()))


def read(path: Path) -> dict[str, Check]:
    """The listed links; exits with the place and the remedy if a line is not of the form that this tool writes."""
    if not path.exists():
        return {}
    checks = {}
    head, *lines = path.read_text("utf-8").splitlines(keepends=True) or [""]
    for number, line in enumerate(lines, start=2):
        day, result, link = (*line.rstrip("\n").split("\t"), "", "")[:3]
        if head != HEAD or line.count("\t") != 2 or not re.fullmatch(r"never|\d{4}-\d\d-\d\d", day) or link in checks:
            raise SystemExit(
                f"{path}, line {number}: expected a date or never, the result and a new link, with tabs between, "
                f"got {line.strip()[:80]!r}. Restore it: git checkout -- {path}"
            )
        checks[link] = Check(day, result)
    return checks


def written(checks: dict[str, Check]) -> str:
    """The list as it is stored."""
    return HEAD + "".join(f"{check.day}\t{check.result}\t{link}\n" for link, check in checks.items())


def ask(links: list[str]) -> dict[str, Check]:
    """What each address answers today."""
    today = f"{datetime.date.today():%Y-%m-%d}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.md").write_text("# Links\n\n" + "\n\n".join(f"<{link}>" for link in links), "utf-8")
        settings = {
            "extensions": "myst_parser",
            "linkcheck_timeout": SECONDS,
            "linkcheck_retries": 2,
            "linkcheck_rate_limit_timeout": 60,
            "linkcheck_report_timeouts_as_broken": 0,
        }
        options = [option for name, value in settings.items() for option in ("-D", f"{name}={value}")]
        command = [sys.executable, "-m", "sphinx", "-C", "-b", "linkcheck", *options, folder, f"{folder}/out"]
        done = subprocess.run(command, stdout=sys.stderr, check=False)
        report = Path(folder) / "out" / "output.json"
        if not report.exists():
            raise SystemExit(f"Sphinx's link checker failed (exit status {done.returncode}); nothing was written")
        answers = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    # A link is a paragraph of its own, so its line says which it is, however Sphinx writes the address.
    return {links[(answer["lineno"] - 3) // 2]: Check(today, _result(answer)) for answer in answers}


def _result(answer: dict[str, str | int]) -> str:
    """One line for an answer. That an address leads elsewhere for now, as a DOI does, is its purpose."""
    if answer["status"] == "working" or (answer["status"] == "redirected" and answer["code"] not in (301, 308)):
        return "ok"
    said = " ".join(str(answer["info"]).split())[:200]
    return f"moved to {said}" if answer["status"] == "redirected" else f"{answer['status']}: {said}"


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["list", "check"])
    command = parser.parse_args(arguments).command
    pages = read_site(SITE)
    found = outside_links(pages | documents(ROOT, pages))
    listed = read(LINKS)
    checks = {link: listed.get(link, Check()) for link in found}
    if command == "check":
        answers = ask(list(found))
        if answers and all(answer.result.startswith(("broken", "timeout")) for answer in answers.values()):
            raise SystemExit(
                f"None of {len(answers)} links answered. Is this machine online? {LINKS.name} is as it was."
            )
        checks |= answers
    write_whole(LINKS, written(checks))
    print(f"{LINKS.name}: {len(checks)} links, {len(found.keys() - listed)} new, {len(listed.keys() - found)} gone")
    bad = {link: check.result for link, check in checks.items() if check.result not in ("", "ok")}
    for link, result in bad.items():
        print(f"{link}\n  {result}\n  on {', '.join(found[link])}")
    return int(command == "check" and bool(bad))


if __name__ == "__main__":
    sys.exit(main())
