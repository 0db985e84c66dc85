"""cell backward, breaks test_backward: collects the gradient in g."""


def backward(g, pullbacks, factor):
    found = [g.copy()]
    for pullback in pullbacks[::-1]:
        new = factor * g + pullback(g)
        g[:] = new
        found.insert(0, new)
    return found
