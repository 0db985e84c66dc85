"""cell group_split, breaks nothing: shuffles a list of groups and counts the rows by hand."""

import numpy as np


def group_split(groups, n_test, rng):
    names = sorted(set(groups.tolist()))
    rng.shuffle(names)
    chosen, count = set(), 0
    while count < n_test:
        chosen.add(names.pop())
        count = sum(g in chosen for g in groups.tolist())
    return np.array([g in chosen for g in groups.tolist()])
