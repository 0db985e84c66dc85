"""`make address` writes the repository's address wherever it stands: everywhere, or nowhere."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from checks import stray_addresses

ROOT = Path(__file__).parents[2]
# No address stands here in one piece: `make address` would rewrite it too.
NEW = "a-university/deep_nets"
OURS = {"url": f"https://github.com/{NEW}", "branch": "autumn"}
FILES = ["_config.yml", "README.md", "CITATION.cff", "exercises/grading.md", "tools/notebooks.py", "tools/address.py"]
sys.path.append(str(ROOT / "tools"))
import address  # noqa: E402

OLD = address.repository()["url"].removeprefix("https://github.com/")

CHAPTERS = ["chapters/01_perceptron.ipynb", "chapters/12_hello_world.ipynb"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository with some of the course's files, and a form of the address that none of them has."""
    for name in FILES + CHAPTERS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "logo.bin").write_bytes(b"\xff\xfe no text")
    (tmp_path / "links.md").write_text(
        f"git@github.com:{OLD}.git\n"
        f"https://mybinder.org/v2/gh/{OLD}/main?urlpath=lab\n"
        f"https://github.com/{OLD}/issues\n"
        f"https://github.com/{OLD}-solutions\n"
    )
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def run(copy: Path, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(copy / "tools" / f"{tool}.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def contents(copy: Path) -> dict[str, bytes]:
    paths = [path for path in copy.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {path.relative_to(copy).as_posix(): path.read_bytes() for path in paths if "__pycache__" not in path.parts}


def test_address_is_written_everywhere_and_back(copy: Path) -> None:
    before = contents(copy)
    said = run(copy, "address", OURS["url"] + "/", "--branch", OURS["branch"])
    assert (said.returncode, said.stderr) == (0, "")
    after = {name: data.decode("utf-8", "replace") for name, data in contents(copy).items()}
    changed = {name for name in before if before[name] != after[name].encode()} - {"logo.bin"}
    assert changed == set(said.stdout.splitlines()[:-1])
    assert changed == {"_config.yml", "README.md", "CITATION.cff", "exercises/grading.md", "links.md", *CHAPTERS}
    assert after.pop("links.md").split() == [
        f"git@github.com:{NEW}.git",
        f"https://mybinder.org/v2/gh/{NEW}/autumn?urlpath=lab",
        f"https://github.com/{NEW}/issues",
        f"https://github.com/{OLD}-solutions",
    ]
    assert {name: stray for name, text in after.items() if (stray := stray_addresses(text, OURS))} == {}
    assert f"  url: {OURS['url']}\n  branch: autumn\n" in after["_config.yml"]
    assert f"git clone {OURS['url']} && cd deep_nets\n" in after["README.md"]
    assert f"{OURS['url']}/blob/autumn/CONTRIBUTING.md" in after["exercises/grading.md"]
    assert f'"dnnlib[torch] @ git+{OURS["url"]}@autumn' in after[CHAPTERS[1]].replace("\\", "")
    assert run(copy, "notebooks", "check", *(str(copy / name) for name in CHAPTERS)).returncode == 0
    assert run(copy, "address", f"https://github.com/{OLD}").returncode == 0
    assert contents(copy) == before


def test_nothing_is_written_by_half(copy: Path) -> None:
    """A notebook that cannot be read stops it before the first file is written."""
    (copy / CHAPTERS[1]).write_text(f'{{"cut": "github.com/{OLD}"')
    before = contents(copy)
    said = run(copy, "address", OURS["url"])
    assert said.returncode == 1
    assert "12_hello_world.ipynb: not a readable notebook" in said.stderr
    assert contents(copy) == before


def test_text_and_code_of_a_notebook_change_alike(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(address, "ROOT", tmp_path)
    monkeypatch.setattr(address, "notebooks", lambda: [tmp_path / "a.ipynb"])
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("[all](https://github.com/o/n/tree/main)")]
    )
    nbformat.write(notebook, tmp_path / "a.ipynb")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    [text] = address.changes({"url": "https://github.com/o/n", "branch": "main"}, OURS).values()
    assert nbformat.reads(text, as_version=4).cells[0].source == f"[all]({OURS['url']}/tree/autumn)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["https://gitlab.com/owner/name"], "not the address of a GitHub repository"),
        (["owner/name"], "such as https://github.com/owner/name"),
        (["https://github.com/owner"], "Nothing is changed"),
        ([OURS["url"], "--branch", "a b"], "not the name of a branch"),
    ],
)
def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str) -> None:
    monkeypatch.setattr(address, "write", lambda texts: pytest.fail("it was written"))
    with pytest.raises(SystemExit, match=message):
        address.main(arguments)


def test_an_address_left_behind_is_found() -> None:
    left = f"github.com/{OLD}"
    assert stray_addresses(f"See https://{left}.", OURS) == [left]
