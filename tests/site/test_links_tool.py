"""The tool that keeps the list of links to other hosts, on a host of this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from static_checks import ROOT, Page, links, pages


class Host(BaseHTTPRequestHandler):
    """Answers by the address: 404, another place for good or for now, late, or to GET alone."""

    patience: threading.Event

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.patience.wait(60)
        codes = {"/missing": 404, "/moved": 301, "/elsewhere": 302, "/get": 200 if self.command == "GET" else 405}
        self.send_response(codes.get(self.path, 200))
        if self.path in ("/moved", "/elsewhere"):
            self.send_header("Location", "/new")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def host() -> Iterator[str]:
    Host.patience = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Host.patience.set()
    server.shutdown()
    server.server_close()


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, command: str, *found: str) -> int:
    """Run the tool on a site with these links."""
    (folder / "site").mkdir(exist_ok=True)
    (folder / "site" / "index.html").write_text("".join(f'<a href="{link}"></a>' for link in found))
    monkeypatch.setattr(links, "SITE", folder / "site")
    monkeypatch.setattr(links, "LINKS", folder / "links.tsv")
    monkeypatch.setattr(links, "SECONDS", 3)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(links, "documents", lambda root, found: {})
    return links.main([command])


def test_links_are_asked_and_the_answers_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], host: str
) -> None:
    paths = ("ok", "missing", "moved", "elsewhere", "slow", "get", "a_b*c*&d_", "ü")
    refused = "http://127.0.0.1:1/x"
    assert run(monkeypatch, tmp_path, "check", *(f"{host}/{path}" for path in paths), refused) == 1
    stored = {link.removeprefix(f"{host}/"): check for link, check in links.read(tmp_path / "links.tsv").items()}
    assert stored.keys() == {*paths, refused}
    assert "never" not in {check.day for check in stored.values()}
    good = {path for path in stored if stored[path].result == "ok"}
    assert good == {"ok", "elsewhere", "get", "a_b*c*&d_", "ü"}
    assert stored["missing"].result.startswith("broken: 404")
    assert stored["moved"].result == f"moved to {host}/new"
    assert stored["slow"].result.startswith("timeout")
    assert stored[refused].result.startswith("broken")
    assert f"{host}/missing\n  broken: 404" in capfd.readouterr().out
    assert run(monkeypatch, tmp_path, "list", f"{host}/ok", f"{host}/fresh") == 0
    later = links.read(tmp_path / "links.tsv")
    assert later == {f"{host}/fresh": links.Check(), f"{host}/ok": stored["ok"]}


def test_without_a_network_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = "http://127.0.0.1:1/x"
    run(monkeypatch, tmp_path, "list", refused)
    before = (tmp_path / "links.tsv").read_bytes()
    monkeypatch.setattr(links, "ask", lambda found: dict.fromkeys(found, links.Check("2026-01-01", "broken: no name")))
    with pytest.raises(SystemExit, match="Is this machine online"):
        run(monkeypatch, tmp_path, "check", refused)
    assert (tmp_path / "links.tsv").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["links.tsv", "site"]


def test_no_address_of_the_repository_is_listed() -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    derived = (config["repository"]["url"], "https://colab.research.google.com", "https://mybinder.org")
    page = Page("".join(f'<a href="{link}/x"></a>' for link in (*derived, "https://example.org")))
    assert list(links.outside_links({"index.html": page})) == ["https://example.org/x"]


@pytest.mark.parametrize("line", ["2026-13\tok\thttps://a.org", "never https://a.org", "never\t\thttps://b.org\tx"])
def test_a_spoilt_list_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "links.tsv"
    path.write_text(f"{links.HEAD}never\t\thttps://b.org\n{line}\n")
    with pytest.raises(SystemExit, match=r"links\.tsv, line 3: expected a date or never"):
        links.read(path)


def test_a_site_that_is_not_built_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no pages here\. Build the site first: make book"):
        pages.read_site(tmp_path)
