"""cell mini_batches, breaks test_mini_batches: cuts first and then shuffles the batches, not the rows."""


def mini_batches(x, y, batch_size, rng, drop_last=False):
    full, rest = divmod(len(x), batch_size)
    batches = [(x[i * batch_size :][:batch_size], y[i * batch_size :][:batch_size]) for i in rng.permutation(full)]
    if rest and not drop_last:
        batches.append((x[-rest:], y[-rest:]))
    return batches
