"""cell find_border, breaks test_find_border: only ever doubles, so it loses a border below the first rate."""


def find_border(diverges, lr, tolerance):
    low = high = lr
    while not diverges(high):
        low, high = high, 2 * high
    for _ in range(60):
        if high <= (1 + tolerance) * low:
            break
        middle = (low + high) / 2
        low, high = (low, middle) if diverges(middle) else (middle, high)
    return low, high
