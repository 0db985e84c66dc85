"""cell backward, breaks test_backward: multiplies what the body hands back as well."""


def backward(g, pullbacks, factor):
    found = [g]
    for pullback in reversed(pullbacks):
        found.append(factor * found[-1] + factor * pullback(found[-1]))
    return found[::-1]
