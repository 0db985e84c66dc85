"""Options that are numbers: each is checked where it comes in, and kept as Python's own number."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from typing import Any

Rule = tuple[str, Callable[[float], bool]]

POSITIVE: Rule = ("be a positive number", lambda value: 0 < value < math.inf)
NOT_NEGATIVE: Rule = ("be a finite number of at least 0", lambda value: 0 <= value < math.inf)
FRACTION: Rule = ("lie in [0, 1)", lambda value: 0 <= value < 1)
PROBABILITY: Rule = ("lie in [0, 1]", lambda value: 0 <= value <= 1)
FINITE: Rule = ("be a finite number", math.isfinite)


def check_real(what: str, value: Any, rule: Rule) -> float:
    """`value` as Python's number, ValueError that names `what` if it is none or breaks the rule.

    Python's, because products of NumPy's float64 with arrays in float32 would be float64.
    """
    expected, fits = rule
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not fits(float(value)):
        raise ValueError(f"{what} must {expected}, got {value!r}")
    return int(value) if isinstance(value, numbers.Integral) else float(value)


def check_count(what: str, value: Any, least: int = 1) -> int:
    """`value` as Python's integer, ValueError that names `what` if it is none or less than `least`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{what} must be an integer of at least {least}, got {value!r}")
    return int(value)


def check_size(what: str, value: Any) -> int:
    """`value` as Python's integer. TypeError that names `what` if it is none, ValueError below 1."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{what} must be an integer, got {value!r}")
    if value < 1:
        raise ValueError(f"{what} must be at least 1, got {value}")
    return int(value)
