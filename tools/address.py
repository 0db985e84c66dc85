"""Write the repository's address everywhere it stands: launch buttons, set-up cells, documents.

    python tools/address.py https://github.com/owner/name [--branch main]

The setting in _config.yml says what the address was. Every file of the repository that has it gets the new one, all of
them or none. Notebooks stay in their stored form.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from notebooks import ROOT, normalise, notebooks, read, repository


def rewritten(text: str, old: dict[str, str], new: dict[str, str]) -> str:
    """The text with the new address and branch wherever the old address stands, whatever service it is written for."""
    before, after = (place["url"].removeprefix("https://github.com/") for place in (old, new))
    owner_and_name = rf"(github\.com[/:]|google\.com/github/|mybinder\.org/v2/gh/){re.escape(before)}(?![\w-])"
    branch = rf"(?:(@|/|/blob/|/tree/|/raw/|/edit/){re.escape(old['branch'])}(?![\w.-]))?"
    folder = rf"( && cd {re.escape(before.split('/')[1])}(?![\w-]))?"

    def replace(found: re.Match[str]) -> str:
        use, before_branch, cd = found.groups()
        ref = before_branch + new["branch"] if before_branch else ""
        return use + after + ref + (f" && cd {after.split('/')[1]}" if cd else "")

    return re.sub(owner_and_name + branch + folder, replace, text)


def changes(old: dict[str, str], new: dict[str, str]) -> dict[Path, str]:
    """The files that have to change, with their new text."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    stored, found = set(notebooks()), {}
    for path in (ROOT / name for name in listed.split("\0") if name):
        try:
            text = path.read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        changed = rewritten(text, old, new)
        if path == ROOT / "_config.yml":
            changed = re.sub(r"^(  branch: ).*$", rf"\g<1>{new['branch']}", changed, flags=re.MULTILINE)
        if changed != text and path in stored:
            read(path)  # says what is wrong with it, if it is no notebook
            changed = normalise(nbformat.reads(changed, as_version=4), new)
        if changed != text:
            found[path] = changed
    return found


def write(texts: dict[Path, str]) -> None:
    """Write all files, or none: what can fail is done beside them first."""
    beside = {path: path.with_name(f".{path.name}.new") for path in texts}
    try:
        for path, text in texts.items():
            beside[path].write_text(text, "utf-8")
            beside[path].chmod(path.stat().st_mode)
        for path, temporary in beside.items():
            temporary.replace(path)
    finally:
        for temporary in beside.values():
            temporary.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="https://github.com/owner/name")
    parser.add_argument("--branch", default="main")
    options = parser.parse_args(arguments)
    new = {"url": options.url.removesuffix("/").removesuffix(".git"), "branch": options.branch}
    if not re.fullmatch(r"https://github\.com/[\w-]+/[\w-]+", new["url"]):
        sys.exit(
            f"address: {options.url!r} is not the address of a GitHub repository, such as "
            "https://github.com/owner/name (letters, digits, - and _). Nothing is changed."
        )
    if not re.fullmatch(r"[\w.-]+", new["branch"]):
        sys.exit(f"address: {options.branch!r} is not the name of a branch without slashes. Nothing is changed.")
    texts = changes(repository(), new)
    write(texts)
    print(*(path.relative_to(ROOT) for path in texts), sep="\n")
    print(f"{len(texts)} files now say {new['url']}, branch {new['branch']}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
