"""cell backward, breaks test_backward: gives every body the last gradient, as if the others were not there."""


def backward(g, pullbacks, factor):
    found = [g]
    for pullback in reversed(pullbacks):
        found.append(factor * found[-1] + pullback(g))
    return found[::-1]
