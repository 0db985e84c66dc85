"""cell find_border, breaks test_find_border: closes in until high - low is the tolerance, no share of low."""


def find_border(diverges, lr, tolerance):
    low = high = lr
    if diverges(lr):
        while diverges(low := low / 2):
            high = low
    else:
        while not diverges(high := 2 * high):
            low = high
    while high > low + max(tolerance, 1e-12 * low):
        middle = (low + high) / 2
        if diverges(middle):
            high = middle
        else:
            low = middle
    return low, high
