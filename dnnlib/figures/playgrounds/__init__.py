"""Playgrounds, live in the page: each a Python class that says what it starts with, and its script beside it.

`element.js` holds what they share (controls, canvas, the line that is read out), `optimizers.js` the update rules.
"""

from dnnlib.figures.playgrounds.descent import DescentPlayground
from dnnlib.figures.playgrounds.digit import DigitPlayground
from dnnlib.figures.playgrounds.network import NetworkPlayground

__all__ = ["DescentPlayground", "DigitPlayground", "NetworkPlayground"]
