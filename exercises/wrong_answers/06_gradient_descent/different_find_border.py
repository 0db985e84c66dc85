"""cell find_border, breaks nothing: one search on the powers of 2, without the first rate."""


def find_border(diverges, lr, tolerance):
    low, high = -31.0, 31.0
    while 2**high > (1 + tolerance) * 2**low:
        middle = low + (high - low) / 2
        if diverges(2.0**middle):
            high = middle
        else:
            low = middle
    return [2**low, 2**high]
