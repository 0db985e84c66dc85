"""cell input_gradient, breaks test_input_gradient: right for one and two layers only."""


def input_gradient(x, c, weights, biases, act, slope):
    delta = c @ weights[-1]
    if len(weights) > 1:
        delta = (delta * slope(x @ weights[0].T + biases[0]))[:, : len(weights[0])] @ weights[0]
    return delta
