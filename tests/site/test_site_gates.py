"""The gates of the site, shown what they must stop: a check that cannot fail proves nothing."""

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from checks import (
    CHECKS,
    Visit,
    accessibility,
    complaints,
    outside_requests,
    overflow,
    serve,
    still_figures,
    stray_addresses,
    stretched_images,
    unrendered_mathematics,
    visiting,
    wrong_launch_links,
)
from keyboard import out_of_step, unreachable
from pictures import poor_alt_text, shared_alt_texts
from playwright.sync_api import Browser

from dnnlib.figures.interactive import ON_PLAY

ROOT = Path(__file__).parents[2]
SETTINGS = ["_config.yml", "references.bib", "_static", "_templates", "tools"]


FRAME = "One of the frames of a figure that moves: frame number"


def figure(handler: str = "", alt: str = FRAME, output: str = "output", button: str = "", name: str = "one") -> str:
    """An interactive figure with three frames, and perhaps a button."""
    pixel = f"data:image/gif;name={name};base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
    frames = "".join(
        f'<img src="{pixel}" alt="{alt} {f"{i} of {name}" if alt == FRAME else ""}"{" hidden" if i else ""}>'
        for i in range(3)
    )
    return (
        f'<figure class="dnn-frames">{frames}{button}<label>Number <input type="range" min="0" max="2" value="0" '
        f'oninput="{handler}"></label><{output}>0</{output}><p role="status"></p></figure>'
    )


SHOW = "this.closest('figure').querySelectorAll('img').forEach((img, i) => img.hidden = i != this.value);"
SAY = "this.closest('figure').querySelector('output').textContent = this.value;"
TELL_AT_ONCE = (
    "const f = this.closest('figure'), alt = f.querySelectorAll('img')[this.value].alt;"
    "const tell = () => f.querySelector('[role=status]').textContent = alt;tell();"
)
TELL = TELL_AT_ONCE.replace("tell();", "setTimeout(() => f.timer || tell(), 500);")


def play(milliseconds: int) -> str:
    """The button of the library's figures."""
    handler = html.escape(ON_PLAY.replace("MILLISECONDS", str(milliseconds)))
    return f'<button type="button" onclick="{handler}">Play</button>'


STUCK = '<button type="button">Play</button>'
# Two pixels by two, both black.
SQUARE = "data:image/gif;base64,R0lGODlhAgACAIAAAAAAAAAAACwAAAAAAgACAAACAoRRADs="
NO_RING = '<button style="outline: none; box-shadow: none">no ring</button>'
CODE = '<span class="a">word</span> '
TITLE = "What all the eight pictures of a page should say"
LINK = '<a href="#main-content">a link</a>'
WORKS = SHOW + SAY + TELL
PAGE = "\n\n".join(
    [
        "# A page\n\nWith $x^2$.",
        figure(WORKS),
        figure(WORKS, button=play(100), name="two"),
        figure(WORKS, button=play(3000), name="three"),
    ]
)


def build(folder: Path, page: str) -> subprocess.CompletedProcess[str]:
    """Build a book of one page with the course's settings, by the command in the Makefile."""
    folder.mkdir(exist_ok=True)
    for name in SETTINGS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf-8")
    (folder / "index.md").write_text(page, "utf-8")
    options = re.search(r"jupyter-book (build .*)", (ROOT / "Makefile").read_text("utf-8"))
    assert options, "the Makefile builds the book"
    command = [Path(sys.executable).with_name("jupyter-book"), *options[1].split()]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    done = build(folder, PAGE)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def site(book: Path) -> Iterator[str]:
    with serve(book) as address:
        yield address


def test_what_sphinx_warns_of_fails_the_build(tmp_path: Path) -> None:
    kinds = ["ref", "doc", "cite", "term", "numref"]
    planted = {
        "no-link": "[](#no-link)",
        "no-page": "[a page](no-page.md)",
        "no-role": "{no-role}`x`",
        "no-directive": "```{no-directive}\n```",
        "no-image": "![a picture](no-image.png)",
        "no-file": "{download}`no-file.zip`",
        **{f"no-{kind}": f"{{{kind}}}`no-{kind}`" for kind in kinds},
    }
    done = build(tmp_path, "\n\n".join([PAGE, *planted.values()]))
    assert done.returncode != 0
    for name in planted:
        assert re.search(f"WARNING.*{name}", done.stderr), name


def test_the_clean_page_passes(chromium: Browser, site: str) -> None:
    with visiting(chromium, f"{site}/index.html") as visit:
        assert [check(visit) for check in [*CHECKS, out_of_step]] == [[]] * (len(CHECKS) + 1)


@pytest.mark.parametrize(
    ("check", "defect"),
    [
        (accessibility, '<input type="text">'),
        (accessibility, '<p style="color: #ccc; background: #fff">faint words</p>'),
        (accessibility, f'<pre>{CODE * 5}<span class="b" style="color: #ccc">faint</span></pre>'),
        (accessibility, f'<pre>{CODE * 5}</pre><pre style="background: #555">{CODE}</pre>'),
        (unrendered_mathematics, '<span class="math">x^2</span>'),
        (unrendered_mathematics, r'<span class="math">\(\nosuchcommand\)</span>'),
        (unrendered_mathematics, "<p>the square $x^2$</p>"),
        (still_figures, figure()),
        (still_figures, figure(SHOW)),
        (still_figures, figure(SAY)),
        (still_figures, figure(SHOW + SAY)),
        (still_figures, figure(WORKS, alt="always the same")),
        (still_figures, figure(WORKS, output="span")),
        (still_figures, figure(WORKS, button=STUCK)),
        (still_figures, figure(SHOW + SAY + TELL_AT_ONCE, button=play(3000))),
        (poor_alt_text, '<img src="_static/logo.svg">'),
        (poor_alt_text, '<img src="_static/logo.svg" alt="">'),
        (poor_alt_text, '<img src="_static/logo.svg" alt="A plot of the loss by epoch">'),
        (poor_alt_text, '<img src="_static/logo.svg" alt="what you see here is the whole of plot.png">'),
        (poor_alt_text, '<img src="_static/logo.svg" alt="../_images/4f1d2c3b5a69788796a5b4c3d2e1f001">'),
        (poor_alt_text, f'<h2>{TITLE}</h2><img src="_static/logo.svg" alt="{TITLE}">'),
        (poor_alt_text, f'<figure><img src="{SQUARE}" alt="{TITLE}"><figcaption>{TITLE}.</figcaption></figure>'),
        (poor_alt_text, f'<img src="{SQUARE}" alt="{TITLE}"><img src="_static/logo.svg" alt="{TITLE}">'),
        (poor_alt_text, '<svg role="img"><title>A small circle</title></svg>'),
        (poor_alt_text, "<canvas></canvas>"),
        (unreachable, '<span onclick="alert(1)">press me</span>'),
        (unreachable, '<span style="cursor: pointer">press me</span>'),
        (unreachable, '<span role="button">press me</span>'),
        (unreachable, '<a tabindex="3" href="#">a link</a>'),
        (unreachable, NO_RING),
        (unreachable, '<button style="position: fixed; left: -200px; width: 100px">unseen</button>'),
        (unreachable, f'<p style="position: relative">{LINK}<b style="position: absolute; inset: 0">over it</b></p>'),
        (unreachable, f'<p id="x"></p><script>x.attachShadow({{mode: "open"}}).innerHTML = `{NO_RING}`</script>'),
        (out_of_step, f'<button onkeydown="event.preventDefault()">a trap</button>{LINK}'),
        (out_of_step, f'<button tabindex="1">the first</button>{LINK}'),
        (overflow, '<div style="width: 900px">wide</div>'),
        (overflow, rf'<div class="math">\[{" + ".join("abcdefghijklmnopqrstuvwxyz")}\]</div>'),
        (stretched_images, f'<img src="{SQUARE}" style="width: 90px; height: 30px" alt="a square made flat">'),
        (outside_requests, '<script src="https://cdn.example.org/x.js"></script>'),
        (outside_requests, '<link rel="preconnect" href="https://fonts.example.org">'),
        (outside_requests, "<script>fetch('https://api.example.org').catch(() => 0)</script>"),
        (complaints, "<script>console.error('planted')</script>"),
        (complaints, "<script>throw new Error('planted')</script>"),
        (complaints, '<img src="missing.png" alt="an image that is missing">'),
    ],
)  # fmt: skip
def test_a_planted_defect_is_found(
    chromium: Browser, book: Path, site: str, check: Callable[[Visit], list[str]], defect: str
) -> None:
    page = (book / "index.html").read_text("utf-8")
    (book / "planted.html").write_text(page.replace("</article>", f"{defect}</article>"), "utf-8")
    with visiting(chromium, f"{site}/planted.html") as visit:
        assert check(visit) != []


def test_pictures_that_share_their_words_are_found(tmp_path: Path) -> None:
    def page(name: str, picture: bytes, alt: str) -> None:
        (tmp_path / f"{name}.png").write_bytes(picture)
        html = f'<img src="nowhere.svg" alt="{TITLE}"><article><img alt="{alt}" src="{name}.png"></article>'
        (tmp_path / f"{name}.html").write_text(html, "utf-8")

    page("one", b"a picture", TITLE)
    page("two", b"another", "Some other words")
    page("three", b"a picture", TITLE)
    assert shared_alt_texts(tmp_path) == [], "a picture may come twice"
    page("two", b"another", TITLE)
    assert len(shared_alt_texts(tmp_path)) == 1


def test_other_launch_links_are_found() -> None:
    ours = {"url": "https://github.com/{}/{}".format("us", "course"), "branch": "main"}
    good = (
        '<a href="https://colab.research.google.com/github/{0}/course/blob/main/a.ipynb">'
        '<a href="https://mybinder.org/v2/gh/{0}/course/main?urlpath=lab/tree/a.ipynb">'
    ).format("us")
    assert wrong_launch_links(good, "a.ipynb", ours) == []
    assert wrong_launch_links("", None, ours) == []
    for bad in (
        "",
        good.replace("/us/", "/them/"),
        good.replace("main", "old"),
        good.replace("a.ipynb", "b.ipynb"),
    ):
        assert wrong_launch_links(bad, "a.ipynb", ours) != []
    assert wrong_launch_links(good, None, ours) != []


def test_other_repository_addresses_are_found() -> None:
    ours = {"url": "https://github.com/{}/{}".format("us", "course"), "branch": "main"}
    for fine in (
        "https://github.com/{}/course.git",
        "git@github.com:{}/course.git",
        "github.com/numpy/numpy",
    ):
        assert stray_addresses(fine.format("us"), ours) == []
    for stray in (
        "https://github.com/{}/course.git",
        "git@github.com:{}/course",
        "pip install git+https://github.com/{}/dnnlib",
        "https://colab.research.google.com/github/{}/other/blob/main/a.ipynb",
        "https://mybinder.org/v2/gh/{}/other/main",
    ):
        assert stray_addresses(stray.format("them"), ours) != []
