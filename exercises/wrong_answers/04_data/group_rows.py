"""cell group_split, breaks test_group_split: deals rows instead of groups."""

import numpy as np


def group_split(groups, n_test, rng):
    in_test = np.zeros(len(groups), dtype=bool)
    in_test[rng.permutation(len(groups))[:n_test]] = True
    return in_test
