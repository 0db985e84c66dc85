"""cell whole_set, breaks nothing: joins the batches one after the other."""


def whole_set(means, variances, sizes):
    count, mean, var = int(sizes[0]), means[0], variances[0]
    for n, m, v in zip(sizes[1:], means[1:], variances[1:], strict=True):
        total = count + int(n)
        var = (count * var + n * v) / total + (m - mean) ** 2 * count * n / total**2
        mean = mean + (m - mean) * n / total
        count = total
    return mean, var
