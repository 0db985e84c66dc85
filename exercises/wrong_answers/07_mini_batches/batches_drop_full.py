"""cell mini_batches, breaks test_mini_batches: drops the last batch also if it is full."""


def mini_batches(x, y, batch_size, rng, drop_last=False):
    order = rng.permutation(len(x))
    batches = [order[i : i + batch_size] for i in range(0, len(x), batch_size)]
    if drop_last:
        batches = batches[:-1]
    return [(x[rows], y[rows]) for rows in batches]
