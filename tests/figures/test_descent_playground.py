"""What the descent playground may start with. How it runs is tested in a browser, beside the site's tests."""

from __future__ import annotations

from typing import Any

import pytest

from dnnlib.figures import DescentPlayground
from dnnlib.surfaces import BEALE


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"surface": "hill"}, "surface must be one of .*'valley'.*, got 'hill'"),
        ({"optimizers": ["SGD", "Rprop"]}, "optimizers must be one or more of .*'NAdam'.*, got 'Rprop'"),
        ({"optimizers": []}, "optimizers must be one or more of"),
        ({"lr": 0.0804}, "lr must be a rate from 0.001 to 30 of at most two digits"),
        ({"lr": 31}, "lr must be a rate from 0.001 to 30"),
        ({"lr": "fast"}, "lr must be"),
        ({"momentum": 1.0}, r"momentum must lie in \[0, 0.99\], got 1.0"),
        ({"steps": 0}, "steps must be an integer of at least 1"),
        ({"steps": 201}, "steps must be at most 200, got 201"),
        ({"start": 3}, "start must be two numbers"),
        ({"start": (0.0, 9.0)}, r"start must lie in the picture of the bowl, .*, got \(0.0, 9.0\)"),
    ],
)
def test_wrong_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"DescentPlayground: {message}"):
        DescentPlayground(**options)


def test_what_it_starts_with() -> None:
    given = DescentPlayground("bowl", ["Adam", "SGD"], lr=0.5, start=(1, 1)).given
    assert given["chosen"] == ["SGD", "Adam"]
    assert given["surfaces"]["bowl"]["start"] == (1, 1)
    assert given["surfaces"]["Beale's function"]["minimum"] == BEALE.minimum
    assert DescentPlayground(optimizers="Adam").given["chosen"] == ["Adam"]
