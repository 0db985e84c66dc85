"""One browser a test module."""

from collections.abc import Iterator

import checks
import pytest
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with checks.chromium() as browser:
        yield browser
