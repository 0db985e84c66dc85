"""cell group_split, breaks test_group_split: draws a row and takes its group, so large groups come first."""

import numpy as np


def group_split(groups, n_test, rng):
    in_test = np.zeros(len(groups), dtype=bool)
    for group in rng.permutation(groups):
        if in_test.sum() >= n_test:
            break
        in_test |= groups == group
    return in_test
