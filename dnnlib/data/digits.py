"""The embedded digits: 1797 real handwritten digits, 8×8 pixels each, that need no download."""

from __future__ import annotations

import numpy as np


def digits() -> tuple[np.ndarray, np.ndarray]:
    """The images as vectors x (1797, 64), float32 from 0 (no ink) to 1 (full ink), and their labels y (1797,), int64.

    They come with scikit-learn, and are the test part of the UCI set "Optical Recognition of Handwritten Digits"
    (Alpaydin & Kaynak, 1998): 32×32 bitmaps, counted in 4×4 blocks to values 0–16. `x.reshape(-1, 8, 8)` gives
    pictures. Source: lectures A10, A14.
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return (bunch.data / 16).astype(np.float32), bunch.target.astype(np.int64)
