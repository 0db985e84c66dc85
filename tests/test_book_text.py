"""The chapters' text holds together: one set of rules for links and folds, each rule tried on a planted fault.

Links are plain Markdown, since roles such as {term}`…` stand as they are in a notebook opened outside the book;
tools/crossrefs.py says what the page makes of them.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from docutils.nodes import make_id
from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]*)\)")
LABEL = re.compile(r"^\$\$ \(([\w-]+)\)$", re.M)


@dataclass(frozen=True)
class Chapter:
    number: str
    text: str  # of all markdown cells
    code: tuple[tuple[str, bool, bool], ...] = ()  # of each code cell: source, folded, has a picture


def read(path: Path) -> Chapter:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    return Chapter(path.name[:2], text, tuple(("".join(c["source"]), folded(c), has_picture(c)) for c in code))


def folded(cell: Any) -> bool:
    return "hide-input" in cell["metadata"].get("tags", [])


def has_picture(cell: Any) -> bool:
    data = [output.get("data", {}) for output in cell["outputs"]]
    return any("image/png" in d or "text/html" in d for d in data)


def read_terms() -> set[str]:
    lines = (ROOT / "chapters/appendix/glossary.md").read_text("utf-8").partition(":::{glossary}\n")[2].splitlines()
    return {make_id(f"term-{line}") for line in lines if re.match(r"[^\s:]", line)}


CHAPTERS = [read(path) for path in sorted((ROOT / "chapters").glob("*.ipynb"))]
TERMS = read_terms()


def targets(chapter: Chapter, kind: str) -> list[str]:
    """What the chapter's links of one kind, `eq` or `term`, lead to."""
    return [target[1:] for _, target in LINK.findall(chapter.text) if target.startswith(f"#{kind}-")]


def faulty_equations(chapters: list[Chapter]) -> list[str]:
    """A label has one place and at least one reference; only what is referred to has a number."""
    labels = Counter(label for chapter in chapters for label in LABEL.findall(chapter.text))
    used = {target for chapter in chapters for target in targets(chapter, "eq")}
    return [
        *(f"{label}: {count} equations have this label" for label, count in labels.items() if count > 1),
        *(f"{label}: nothing refers to it; leave the label out, or link it" for label in labels if label not in used),
        *(f"{target}: no equation has this label" for target in used - set(labels)),
        *(f"{label}: labels begin with eq-" for label in labels if not label.startswith("eq-")),
    ]


def faulty_terms(chapters: list[Chapter]) -> list[str]:
    """A chapter links 8 to 25 terms, each once, none in a heading; every term of the glossary is linked somewhere."""
    problems = []
    for chapter in chapters:
        linked = Counter(targets(chapter, "term"))
        if not 8 <= len(linked) <= 25:
            problems.append(f"{chapter.number}: links {len(linked)} terms, not 8 to 25")
        problems += [f"{chapter.number}: links {term} {n} times" for term, n in linked.items() if n > 1]
        problems += [f"{chapter.number}: {term} is not in the glossary" for term in linked if term not in TERMS]
        quiet = re.findall(r"^(?:#|:::).*\(#term-.*", chapter.text, re.M)
        problems += [f"{chapter.number}: a term is linked in a heading: {line}" for line in quiet]
    missing = TERMS - {term for chapter in chapters for term in targets(chapter, "term")}
    return problems + [f"{term}: no chapter links it" for term in sorted(missing)]


def faulty_roles(chapters: list[Chapter]) -> list[str]:
    """Roles other than citations would stand as they are on Colab."""
    roles = {(chapter.number, role) for chapter in chapters for role in re.findall(r"\{([\w:]+)\}`", chapter.text)}
    return [f"{number}: a role {{{role}}}; write a link" for number, role in roles if not role.startswith("cite:")]


def faulty_mentions(chapters: list[Chapter]) -> list[str]:
    """A chapter that is named by its number is linked in the same section."""
    home = {f"#lec-{t}": c.number for c in chapters for t in re.findall(r"^\(lec-(\w+)\)=$", c.text, re.M)}
    problems = []
    for chapter in chapters:
        text = chapter.text.partition("## Further reading")[0]  # there, chapters are those of other books
        for section in re.split(r"^#+ ", text, flags=re.M):
            links = {home.get(target) or Path(target).name[:2] for _, target in LINK.findall(section)}
            named = re.findall(r"\b[Cc]hapters? (\d\d)\b", LINK.sub("", section))
            problems += [
                f"{chapter.number}: chapter {number} is named and not linked in: {section.splitlines()[0]}"
                for number in named
                if number not in links and number in {c.number for c in chapters}
            ]
    return problems


def faulty_folds(chapters: list[Chapter]) -> list[str]:
    """Code that draws a picture is folded, and no other code of the library is."""
    problems = []
    for chapter in chapters:
        for source, fold, picture in chapter.code:
            if picture and not fold:
                problems.append(f"{chapter.number}: draws, and is open (tag it hide-input): {source[:60]!r}")
            if fold and not picture and re.search(r"\bdnn\.|\.fit\(", source):
                problems.append(f"{chapter.number}: is part of the lesson, and is folded: {source[:60]!r}")
    return problems


def faulty_answers(chapters: list[Chapter]) -> list[str]:
    """Every folded answer has its question as title, something inside, and an end."""
    problems = []
    for chapter in chapters:
        part = re.search(r"^## Check yourself$(.*?)^## ", chapter.text, re.M | re.S)
        body = part[1] if part else ""
        number = body.count(":::{dropdown}")
        whole = re.findall(r"^:::\{dropdown\} .*[?.].*\n(?!:::)[^\n](?:.|\n)*?\n:::$", body, re.M)
        if len(whole) < 4 or len(whole) != number or body.count(":::") != 2 * number:
            problems.append(f"{chapter.number}: {number} folded answers, {len(whole)} of them whole")
    return problems


GATES = [faulty_equations, faulty_terms, faulty_roles, faulty_mentions, faulty_folds, faulty_answers]


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.__name__)
def test_the_chapters_keep_the_rule(gate: Callable[[list[Chapter]], list[str]]) -> None:
    assert len(CHAPTERS) == 17
    assert len(TERMS) > 150
    assert gate(CHAPTERS) == []


def add(text: str) -> Callable[[Chapter], Chapter]:
    return lambda chapter: replace(chapter, text=f"{chapter.text}\n\n{text}")


def swap(old: str, new: str) -> Callable[[Chapter], Chapter]:
    return lambda chapter: replace(chapter, text=re.sub(old, new, chapter.text, count=1))


def add_code(*cell: Any) -> Callable[[Chapter], Chapter]:
    return lambda chapter: replace(chapter, code=(*chapter.code, cell))


FAULTS = [
    (faulty_equations, add("$$\n1\n$$ (eq-descent)"), "eq-descent: 2 equations have this label"),
    (faulty_equations, add("$$\n1\n$$ (eq-idle)"), "eq-idle: nothing refers to it; leave the label out, or link it"),
    (faulty_equations, add("[the rule](#eq-nowhere)"), "eq-nowhere: no equation has this label"),
    (faulty_equations, add("$$\n1\n$$ (rule)"), "rule: labels begin with eq-"),
    (faulty_terms, add("[a](#term-model) and [b](#term-model)"), "15: links term-model 2 times"),
    (faulty_terms, add("[a](#term-nonsense)"), "15: term-nonsense is not in the glossary"),
    (faulty_terms, add("## A [model](#term-model)"), "15: a term is linked in a heading: ## A [model](#term-model)"),
    (faulty_terms, swap("(?s).*", ""), "15: links 0 terms, not 8 to 25"),
    (faulty_terms, swap("#term-lesion-study", "#term-residual"), "term-lesion-study: no chapter links it"),
    (faulty_roles, add("see {eq}`eq-descent`"), "15: a role {eq}; write a link"),
    (
        faulty_mentions,
        swap("## Summary", "## Later\nas chapter 05 says"),
        "15: chapter 05 is named and not linked in: Later",
    ),
    (faulty_folds, add_code("plt.plot(x)", False, True), "15: draws, and is open (tag it hide-input): 'plt.plot(x)'"),
    (faulty_folds, add_code("model.fit(x)", True, False), "15: is part of the lesson, and is folded: 'model.fit(x)'"),
    (faulty_answers, swap(r"(## Check yourself(?s:.*?))\n:::\n", r"\1\n"), "15: 6 folded answers, 5 of them whole"),
]


@pytest.mark.parametrize(("gate", "fault", "problem"), FAULTS, ids=[problem for *_, problem in FAULTS])
def test_a_planted_fault_is_found(
    gate: Callable[[list[Chapter]], list[str]], fault: Callable[[Chapter], Chapter], problem: str
) -> None:
    changed = [fault(chapter) if chapter.number == "15" else chapter for chapter in CHAPTERS]
    assert problem in gate(changed)


def test_the_page_completes_the_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equations are numbered by chapter, a link's words stay in front of the number, terms lead to the glossary."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    (tmp_path / "chapters").mkdir()
    pages = {
        "index": "# Book\n```{toctree}\nchapters/06_descent\nchapters/07_batches\n```\n"
        "```{glossary}\nlearning rate\n  The factor.\n```\n",
        "chapters/06_descent": "# Descent\n\n$$\na\n$$ (eq-a)\n\n$$\nb\n$$ (eq-b)\n",
        "chapters/07_batches": "# Batches\n[the *rule*](#eq-b), [rates](#term-learning-rate), [lost](#eq-lost)\n",
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    settings = {"extensions": ["myst_parser", "crossrefs"], "myst_enable_extensions": ["dollarmath"]}
    warnings = io.StringIO()
    folders = (tmp_path, None, tmp_path / "html", tmp_path / "doctrees")
    Sphinx(*folders, "html", settings, status=None, warning=warnings).build()
    html = (tmp_path / "html/chapters/07_batches.html").read_text("utf-8")
    assert "the rule\N{NO-BREAK SPACE}(6.2)</a>" in re.sub(r"</?(span|em)[^>]*>", "", html)
    assert 'href="../index.html#term-learning-rate"' in html
    assert "target not found: 'eq-lost'" in warnings.getvalue()
