"""Every picture is drawn in the book's style, without a window, and closed afterwards."""

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from dnnlib import figures


@pytest.fixture(autouse=True)
def book_style() -> Iterator[None]:
    with mpl.rc_context():
        mpl.use("Agg")
        figures.use_style()
        yield
    plt.close("all")
