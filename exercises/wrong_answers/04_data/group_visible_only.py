"""cell group_split, breaks test_group_split: numbers of groups from 0 to 9 only."""

import numpy as np


def group_split(groups, n_test, rng):
    in_test = np.zeros(len(groups), dtype=bool)
    for group in rng.permutation(10):
        if in_test.sum() >= n_test:
            break
        in_test |= groups == group
    return in_test
