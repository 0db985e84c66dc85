"""The archive of a release: the site, the same bytes each time, with a checksum that can be checked."""

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def archive(site: Path, to: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools/archive.py"), "--site", str(site), "--to", str(to)]
    return subprocess.run(command, capture_output=True, text=True)


def test_an_archive_is_the_site_and_the_same_twice(tmp_path: Path) -> None:
    texts = {"index.html": "<p>start</p>", "chapters/a.html": "<p>a</p>", ".nojekyll": "", "ö.html": "ö"}
    packed = []
    for names in (list(texts), list(reversed(texts))):
        folder = tmp_path / f"site {len(packed)}"
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(texts[name], "utf-8")
        (folder / "index.html").chmod(0o600)
        to = tmp_path / f"to {len(packed)}"
        to.mkdir()
        done = archive(folder, to)
        assert done.returncode == 0, done.stderr
        packed.append(next(to.glob("*.tar.gz")))
    assert packed[0].read_bytes() == packed[1].read_bytes()
    with tarfile.open(packed[0]) as tar:
        name = packed[0].name.removesuffix(".tar.gz")
        content = {member.name: tar.extractfile(member).read().decode() for member in tar}  # type: ignore[union-attr]
        assert content == {f"{name}/{file}": text for file, text in texts.items()}
        assert {(m.uid, m.uname, m.mode, m.isfile()) for m in tar} == {(0, "", 0o644, True)}
    check = ["sha256sum", "-c", f"{packed[0].name}.sha256"]
    assert subprocess.run(check, cwd=packed[0].parent, capture_output=True).returncode == 0
    packed[0].write_bytes(packed[0].read_bytes() + b"x")
    assert subprocess.run(check, cwd=packed[0].parent, capture_output=True).returncode == 1
    assert hashlib.sha256(packed[1].read_bytes()).hexdigest() in (tmp_path / "to 1" / check[2]).read_text("utf-8")


def test_without_a_site_there_is_no_archive(tmp_path: Path) -> None:
    done = archive(tmp_path, tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == f"archive: {tmp_path} holds no site (no index.html). Build it first: make book"
    assert list(tmp_path.iterdir()) == []


def test_a_release_is_named_by_its_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert f'version = "{citation["version"]}"' in (ROOT / "pyproject.toml").read_text("utf-8")
