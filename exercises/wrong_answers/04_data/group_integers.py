"""cell group_split, breaks test_group_split: returns 0 and 1 as integers."""

import numpy as np


def group_split(groups, n_test, rng):
    in_test = np.zeros(len(groups), dtype=bool)
    for group in rng.permutation(np.unique(groups)):
        if in_test.sum() >= n_test:
            break
        in_test |= groups == group
    return in_test.astype(int)
