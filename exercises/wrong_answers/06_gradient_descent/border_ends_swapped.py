"""cell find_border, breaks test_find_border: puts the middle in place of the wrong end."""


def find_border(diverges, lr, tolerance):
    low = high = lr
    while diverges(low):
        low /= 2
    while not diverges(high):
        high *= 2
    for _ in range(60):
        if high <= (1 + tolerance) * low:
            break
        middle = (low + high) / 2
        low, high = (middle, high) if diverges(middle) else (low, middle)
    return low, high
