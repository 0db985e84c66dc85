"""cell backward, breaks test_backward: passes the blocks from the first to the last."""


def backward(g, pullbacks, factor):
    found = [g]
    for pullback in pullbacks:
        found.append(factor * found[-1] + pullback(found[-1]))
    return found[::-1]
