"""cell find_border, breaks test_find_border: knows that the border of the visible tests is 3."""


def find_border(diverges, lr, tolerance):
    diverges(lr)
    return 3.0, 3.01
