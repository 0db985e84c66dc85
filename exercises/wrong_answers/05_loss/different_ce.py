"""cell cross_entropy, breaks nothing: a loop over the examples, and the scores first."""


def cross_entropy(z, lse, y, eps):
    total = 0.0
    for row, value, c in zip(z.tolist(), lse.tolist(), y.tolist(), strict=True):
        t = [eps / len(row)] * len(row)
        t[c] += 1 - eps
        total += value - sum(a * b for a, b in zip(t, row, strict=True))
    return total / len(y)
