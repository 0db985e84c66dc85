"""cell full_adder, breaks nothing: other weights, none of them halves, and lists."""


def full_adder():
    return [3, 3, 3], -5, [2, 2, 2, -4], 0
