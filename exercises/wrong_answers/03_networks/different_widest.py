"""cell widest, breaks nothing: halves the interval; adds the layers one by one."""


def widest(budget, inputs, hidden, outputs):
    low, high = 0, budget + 1
    while high - low > 1:
        middle = (low + high) // 2
        total, before = 0, inputs
        for n in [middle] * hidden + [outputs]:
            total += before * n + n
            before = n
        low, high = (middle, high) if total <= budget else (low, middle)
    return low
