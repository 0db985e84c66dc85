"""MNIST and its like come once, from any mirror that works, and only if every byte is right; on a server of our own."""

import gzip
import hashlib
import importlib
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dnnlib.data import FASHION_MNIST_CLASSES, DataError, download, fashion_mnist, mnist

module = importlib.import_module("dnnlib.data.mnist")  # `dnnlib.data.mnist` is the function
IMAGES, LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"


@dataclass(frozen=True)
class Case:
    """A data set: its function, and the name of its description in the module."""

    load: Callable[[str], tuple[np.ndarray, np.ndarray]]
    description: str

    @property
    def real(self) -> download.Dataset:
        return REAL[self.description]


CASES = [Case(mnist, "MNIST"), Case(fashion_mnist, "FASHION_MNIST")]
REAL = {case.description: getattr(module, case.description) for case in CASES}


def idx(values: np.ndarray) -> bytes:
    """An array in MNIST's file format."""
    return bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes() + values.astype(np.uint8).tobytes()


PICTURES = np.random.default_rng(0).integers(0, 256, (12, 28, 28))
DIGITS = np.arange(12) % 10
CONTENT = {IMAGES: idx(PICTURES), LABELS: idx(DIGITS)}
FILES = {name: gzip.compress(content, mtime=0) for name, content in CONTENT.items()}


class Mirrors:
    """Two mirrors on one server, `/a/` and `/b/`; `answers` says what each gives, `asked` what it was asked for."""

    def __init__(self) -> None:
        mirrors = self
        self.answers: dict[str, tuple[int, bytes, int]] = {}  # path: status, body, announced length
        self.asked: Counter[str] = Counter()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirrors.asked[self.path] += 1
                status, body, length = mirrors.answers.get(self.path, (404, b"no such file", 12))
                self.send_response(status)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        for mirror in "ab":
            for name, body in FILES.items():
                self.answer(mirror, name, body)

    def answer(self, mirror: str, name: str, body: bytes, status: int = 200, length: int | None = None) -> None:
        self.answers[f"/{mirror}/{name}"] = status, body, len(body) if length is None else length


@pytest.fixture(params=CASES, ids=lambda case: case.description)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def folder(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files are to lie. It is not there yet."""
    monkeypatch.setenv("DNNLIB_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "data" / case.real.subfolder
    folder.parent.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def mirrors(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirrors]:
    mirrors = Mirrors()
    thread = threading.Thread(target=mirrors.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    files = {
        name: download.Checksums(*(hashlib.sha256(d[name]).hexdigest() for d in (FILES, CONTENT))) for name in FILES
    }
    ours = replace(case.real, mirrors=(f"{mirrors.url}/a/", f"{mirrors.url}/b/"), files=files)
    monkeypatch.setattr(module, case.description, ours)
    yield mirrors
    mirrors.server.shutdown()
    mirrors.server.server_close()
    thread.join()


def assert_right(case: Case) -> None:
    x, y = case.load("test")
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((12, 784), np.float32, (12,), np.int64)
    np.testing.assert_array_equal(x, (PICTURES.reshape(12, 784) / 255).astype("f"))
    np.testing.assert_array_equal(y, DIGITS)


def test_downloaded_once(case: Case, mirrors: Mirrors, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Then it lies in the folder, and nobody is asked again; a notebook's output stays clean."""
    assert_right(case)
    assert mirrors.asked == {f"/a/{IMAGES}": 1, f"/a/{LABELS}": 1}
    assert sorted(os.listdir(folder)) == [IMAGES, LABELS]
    assert_right(case)
    assert mirrors.asked.total() == 2
    assert capfd.readouterr() == ("", "")


FAULTS: dict[str, dict[str, Any]] = {
    "404": {"body": b"gone", "status": 404},
    "500": {"body": b"out of order", "status": 500},
    "cut off": {"body": FILES[IMAGES][:-100]},
    "connection lost": {"body": FILES[IMAGES][:-100], "length": len(FILES[IMAGES])},
    "empty": {"body": b""},
    "log-in page": {"body": b"<html>Please log in</html>"},
    "one bit": {"body": FILES[IMAGES][:-9] + bytes([FILES[IMAGES][-9] ^ 1]) + FILES[IMAGES][-8:]},
    "another file": {"body": FILES[LABELS]},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_second_mirror_steps_in(case: Case, mirrors: Mirrors, folder: Path, fault: str) -> None:
    mirrors.answer("a", IMAGES, **FAULTS[fault])
    assert_right(case)
    assert mirrors.asked == {f"/a/{IMAGES}": 1, f"/b/{IMAGES}": 1, f"/a/{LABELS}": 1}
    assert sorted(os.listdir(folder)) == [IMAGES, LABELS]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_mirror_works(case: Case, mirrors: Mirrors, folder: Path, fault: str) -> None:
    """The message names the file, both addresses and three ways out, and no part of a file is left."""
    for mirror in "ab":
        mirrors.answer(mirror, IMAGES, **FAULTS[fault])
    with pytest.raises(DataError) as caught:
        case.load("test")
    message = str(caught.value)
    for words in (
        f"{case.real.name} file {IMAGES} cannot be had",
        f"{folder / IMAGES} is not there",
        f"{mirrors.url}/a/{IMAGES}: ",
        f"{mirrors.url}/b/{IMAGES}: ",
        "Check the network connection and try again",
        "put the file there yourself",
        "set DNNLIB_DATA to a folder that has it"
        + (f", in its subfolder {case.real.subfolder}." if case.real.subfolder else "."),
        "digits() needs no download",
    ):
        assert words in message, message
    assert not folder.exists() or os.listdir(folder) == []
    mirrors.answer("b", IMAGES, FILES[IMAGES])
    assert_right(case)


def test_no_server_at_all(case: Case, mirrors: Mirrors, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        ours = replace(case.real, mirrors=(nowhere + "a/", nowhere + "b/"))
        monkeypatch.setattr(module, case.description, ours)
        with pytest.raises(DataError, match=r"(?s)/a/t10k-images.*/b/t10k-images.*Check the network connection"):
            case.load("test")
    assert not folder.exists() or os.listdir(folder) == []


BAD = {
    "cut off": (FILES[IMAGES][:-100], "is cut off or damaged"),
    "damaged": (FILES[IMAGES][:500] + bytes(100) + FILES[IMAGES][600:], "is cut off or damaged"),
    "empty": (b"", "holds something else"),
    "not compressed": (CONTENT[IMAGES], "is cut off or damaged"),
    "another file": (FILES[LABELS], "holds something else"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_wrong_file_is_replaced_by_a_good_one(case: Case, mirrors: Mirrors, folder: Path, bad: str) -> None:
    folder.mkdir()
    (folder / IMAGES).write_bytes(BAD[bad][0])
    assert_right(case)
    assert (folder / IMAGES).read_bytes() == FILES[IMAGES]


@pytest.mark.parametrize("bad", BAD)
def test_a_wrong_file_is_named_where_nothing_better_can_be_had(
    case: Case, mirrors: Mirrors, folder: Path, bad: str
) -> None:
    """It is left as it was: it is not ours."""
    folder.mkdir()
    (folder / IMAGES).write_bytes(BAD[bad][0])
    mirrors.answers.clear()
    with pytest.raises(DataError) as caught:
        case.load("test")
    assert f"{folder / IMAGES} {BAD[bad][1]}" in str(caught.value)
    if BAD[bad][1] == "holds something else":
        found = hashlib.sha256(CONTENT[LABELS] if bad == "another file" else b"").hexdigest()
        expected = hashlib.sha256(CONTENT[IMAGES]).hexdigest()
        assert f"SHA-256 of its content is {found}, expected {expected}" in str(caught.value)
    assert (folder / IMAGES).read_bytes() == BAD[bad][0]
    assert os.listdir(folder) == [IMAGES]


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_file_compressed_in_another_way_is_as_good(case: Case, mirrors: Mirrors, folder: Path, level: int) -> None:
    folder.mkdir()
    for name, content in CONTENT.items():
        (folder / name).write_bytes(gzip.compress(content, level, mtime=77))
    assert_right(case)
    assert not mirrors.asked


def test_a_folder_that_cannot_be_written(
    case: Case, mirrors: Mirrors, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that lie there are used; what is missing is missing, and the message says what hinders."""
    folder.mkdir()
    (folder / IMAGES).write_bytes(FILES[IMAGES])
    os.chmod(folder, 0o555)

    def refuse(*arguments: Any, **options: Any) -> None:  # root may write everywhere
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    with pytest.raises(DataError, match=r"(?s)labels.*Permission denied.*set DNNLIB_DATA to a folder"):
        case.load("test")
    os.chmod(folder, 0o755)
    assert os.listdir(folder) == [IMAGES]
    (folder / LABELS).write_bytes(FILES[LABELS])
    os.chmod(folder, 0o555)
    assert_right(case)
    os.chmod(folder, 0o755)


def test_a_folder_that_is_a_file(case: Case, mirrors: Mirrors, folder: Path) -> None:
    folder.write_text("not a folder")
    with pytest.raises(DataError, match="set DNNLIB_DATA to a folder"):
        case.load("test")
    assert folder.read_text() == "not a folder"


def test_where_files_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DNNLIB_DATA", "~/mine")
    assert download.folder() == tmp_path / "mine"
    monkeypatch.setenv("DNNLIB_DATA", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert download.folder().name == "dnnlib"
    assert download.folder().is_absolute()


def test_the_sets_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their files have the same names. Those of one, in the folder of all, are not taken for those of the other."""
    monkeypatch.setenv("DNNLIB_DATA", str(tmp_path))
    for case in CASES:
        monkeypatch.setattr(module, case.description, replace(case.real, mirrors=()))
    for name, body in FILES.items():
        (tmp_path / name).write_bytes(body)
    with pytest.raises(DataError) as caught:
        mnist("test")
    assert f"{tmp_path / IMAGES} holds something else" in str(caught.value)
    with pytest.raises(DataError) as caught:
        fashion_mnist("test")
    assert f"{tmp_path / 'fashion-mnist' / IMAGES} is not there" in str(caught.value)


@pytest.mark.parametrize("load", [mnist, fashion_mnist])
def test_another_split(load: Callable[[str], Any]) -> None:
    with pytest.raises(ValueError, match=f'{load.__name__}: split must be "train" or "test", got \'t10k\''):
        load("t10k")


def test_the_real_lists_of_files(case: Case) -> None:
    assert sorted(case.real.files) == sorted(
        f"{a}-{b}-ubyte.gz" for a in ("train", "t10k") for b in ("images-idx3", "labels-idx1")
    )
    assert len(case.real.mirrors) >= 2
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in case.real.mirrors)


def test_the_real_checksums() -> None:
    checksums = [checksum for real in REAL.values() for pair in real.files.values() for checksum in pair]
    assert all(len(checksum) == 64 and int(checksum, 16) for checksum in checksums)
    assert len(set(checksums)) == 16


def test_the_classes_of_fashion_mnist() -> None:
    assert len(set(FASHION_MNIST_CLASSES)) == 10
    assert (FASHION_MNIST_CLASSES[0], FASHION_MNIST_CLASSES[9]) == ("T-shirt/top", "Ankle boot")


@pytest.mark.skipif(
    not all((Path(os.environ.get("DNNLIB_DATA", "nowhere")) / name).is_file() for name in (IMAGES, LABELS)),
    reason="set DNNLIB_DATA to a folder that holds MNIST's t10k files",
)
def test_real_mnist() -> None:
    x, y = mnist("test")
    assert (x.shape, x.dtype, y.dtype) == ((10_000, 784), np.float32, np.int64)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert np.bincount(y).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert x.mean() == pytest.approx(0.1325, abs=1e-4)
    assert y[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
