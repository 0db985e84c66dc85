"""One browser and one server of the built site a test module."""

from collections.abc import Iterator
from pathlib import Path

import browser
import pytest
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as window:
        yield window


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with browser.serve(Path(__file__).parents[2] / "_build" / "html") as address:
        yield address
