"""cell group_split, breaks test_group_split: looks whether there are enough rows only after one more group."""

import numpy as np


def group_split(groups, n_test, rng):
    in_test = np.zeros(len(groups), dtype=bool)
    for group in rng.permutation(np.unique(groups)):
        in_test |= groups == group
        if in_test.sum() > n_test:
            break
    return in_test
