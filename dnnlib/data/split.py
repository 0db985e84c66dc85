"""Parts of a data set that share no example: to train, to choose by, to test; the folds of cross-validation.

Lectures A14, A15.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dnnlib import engine
from dnnlib.data.prepare import check_pair
from dnnlib.engine import Array

Pair = tuple[Array, Array]


def random_split(
    x: Array, y: Array, lengths: Sequence[float], rng: int | np.random.Generator, stratify: bool = False
) -> list[Pair]:
    """Shuffle the examples and deal them into parts: `(x_train, y_train), (x_test, y_test) = random_split(...)`.

    `lengths` are either counts or fractions that add up to all examples or to 1, as in torch's `random_split`;
    with fractions, the last part takes what rounding leaves over. The same `rng` (a seed or a generator) gives the
    same parts. No example is lost or in two parts. x may have any shape (N, …), on either engine.

    With `stratify=True` every part has its share of every class: of a class with m examples, a part of n gets m·n/N,
    rounded up or down (at most 1 from it). y are then labels (N,).

    Raises ValueError for lengths that do not add up, an empty part, or a class with fewer examples than there are
    parts to stratify. Source: lectures A14, A15.
    """
    check_pair("random_split", x, y)
    if not isinstance(lengths, (Sequence, np.ndarray)) or isinstance(lengths, str):
        raise TypeError(f"random_split: lengths must be a list such as [0.8, 0.2] or [1400, 397], got {lengths!r}")
    total = len(x)
    if all(isinstance(n, (int, np.integer)) for n in lengths):
        counts = [int(n) for n in lengths]
    else:
        if abs(sum(lengths) - 1) > 1e-9:
            raise ValueError(f"random_split: fractions must add up to 1, got {list(lengths)} = {sum(lengths):g}")
        counts = [round(total * fraction) for fraction in lengths[:-1]]
        counts.append(total - sum(counts))
    if sum(counts) != total or min(counts) < 1:
        raise ValueError(f"random_split: {total} examples cannot be dealt into parts of {counts}")
    order, part_of = _deal("random_split", y, counts, rng, stratify)
    return [(x[part], y[part]) for part in (order[part_of == p] for p in range(len(counts)))]


def k_fold(
    x: Array, y: Array, k: int, rng: int | np.random.Generator, stratify: bool = False
) -> Iterator[tuple[Pair, Pair]]:
    """The k rounds of cross-validation: `for (x_train, y_train), (x_val, y_val) in k_fold(x, y, 5, rng=0):`.

    The shuffled examples are cut into k folds, whose sizes differ by 1 at most. Each fold is the validation part once,
    while the others together are the training part; so every example is validated exactly once, by a network that
    never saw it. The same `rng` (a seed or a generator) gives the same folds. `stratify` and the shapes are those of
    `random_split`.

    Raises ValueError for a k that is not an integer from 2 to N, or a class with fewer than k examples to stratify.
    Source: lecture A15.
    """
    check_pair("k_fold", x, y)
    total = len(x)
    if not isinstance(k, (int, np.integer)) or isinstance(k, bool) or not 2 <= k <= total:
        raise ValueError(f"k_fold: k must be an integer from 2 to the {total} examples, got {k!r}")
    sizes = [total // k + (fold < total % k) for fold in range(k)]
    order, part_of = _deal("k_fold", y, sizes, rng, stratify)
    folds = ((order[part_of != fold], order[part_of == fold]) for fold in range(k))
    return (((x[train], y[train]), (x[val], y[val])) for train, val in folds)


def _deal(
    what: str, y: Array, sizes: list[int], rng: int | np.random.Generator, stratify: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The examples in a random order, and the number of the part that each of them goes to."""
    total = len(y)
    order = np.random.default_rng(rng).permutation(total)
    parts = np.arange(len(sizes))
    if not stratify:
        return order, np.repeat(parts, sizes)
    labels = engine.to_numpy(y)[order]
    if labels.ndim != 1:
        raise ValueError(f"{what}: to stratify, y must be labels of shape (N,), got shape {tuple(labels.shape)}")
    classes, members = np.unique(labels, return_counts=True)
    if members.min() < len(sizes):
        label, few = classes[members.argmin()], members.min()
        raise ValueError(
            f"{what}: class {label} has {few} of the {total} examples, too few for {len(sizes)} stratified parts: "
            f"leave the class out, make fewer parts or use stratify=False"
        )
    part_of = np.empty(total, int)
    for label, counts in zip(classes, _shares(members, np.array(sizes)), strict=True):
        part_of[labels == label] = np.repeat(parts, counts)
    return order, part_of


def _shares(members: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """How many examples of class c go to part p: `members[c] · sizes[p] / N`, rounded so that both sums come out.

    All shares are rounded down first. Then each class gives what is left of it to the parts that miss most, one each;
    of those that miss equally many, to the ones with the largest remainder. This always comes out (Gale & Ryser).
    """
    shares, remainders = np.divmod(np.outer(members, sizes), members.sum())
    for c, left in enumerate(members - shares.sum(axis=1)):
        missing = sizes - shares.sum(axis=0)
        shares[c, np.lexsort((-remainders[c], -missing))[:left]] += 1
    return shares
