"""A site served on this machine and visited in a real browser."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

NARROW, WIDE = 390, 1280
HEIGHT = 900
# Besides running in a container, the flags keep the browser from asking anything of its own, or of the network.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


@dataclass
class Visit:
    """An open page, with what it asked for and complained about since it began to load."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing: the browser reports what is missing."""


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; the address is given back."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def serve_pages(folder: Path, pages: dict[str, str]) -> Iterator[str]:
    """Write pages of HTML, by name, into a folder and serve it."""
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    with serve(folder) as address:
        yield address


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Playwright's event loop lives only as long, so that other tests can run their own."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise RuntimeError("No Chromium on the PATH. Install it, for example with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, url: str, theme: str = "light") -> Iterator[Visit]:
    """Open a page in a fresh context and wait until its mathematics is drawn."""
    context = browser.new_context(color_scheme=theme, viewport={"width": WIDE, "height": HEIGHT})
    visit = Visit(context.new_page())
    complain = visit.complaints.append

    def failed(request: Request) -> None:
        complain(f"failed: {request.url} {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            complain(f"{response.status}: {response.url}")

    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", lambda message: message.type == "error" and complain(message.text))
    visit.page.on("pageerror", lambda error: complain(str(error)))
    visit.page.on("requestfailed", failed)
    visit.page.on("response", answered)
    visit.page.goto(url)
    visit.page.evaluate("window.MathJax?.startup?.promise")
    yield visit
    context.close()
