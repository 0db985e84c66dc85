"""cell mini_batches, breaks test_mini_batches: shuffles x and y themselves."""


def mini_batches(x, y, batch_size, rng, drop_last=False):
    order = rng.permutation(len(x))
    x[:], y[:] = x[order], y[order]
    for i in range(0, len(x), batch_size):
        if i + batch_size <= len(x) or not drop_last:
            yield x[i : i + batch_size], y[i : i + batch_size]
