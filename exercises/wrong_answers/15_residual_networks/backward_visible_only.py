"""cell backward, breaks test_backward: knows stacks of two blocks only."""


def backward(g, pullbacks, factor):
    g_1 = factor * g + pullbacks[-1](g)
    return [factor * g_1 + pullbacks[0](g_1), g_1, g]
