"""cell find_border, breaks test_find_border: ten rounds of closing in, enough for one part in a hundred only."""


def find_border(diverges, lr, tolerance):
    low = high = lr
    while diverges(low):
        low /= 2
    while not diverges(high):
        high *= 2
    if low == lr:
        low = high / 2
    else:
        high = 2 * low
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if diverges(middle) else (middle, high)
    return low, high
