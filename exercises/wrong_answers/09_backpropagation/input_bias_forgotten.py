"""cell input_gradient, breaks test_input_gradient: goes forward without the biases."""


def input_gradient(x, c, weights, biases, act, slope):
    z = []
    for w in weights:
        z.append((act(z[-1]) if z else x) @ w.T)
    delta = c @ weights[-1]
    for w, sums in zip(reversed(weights[:-1]), reversed(z[:-1]), strict=True):
        delta = (delta * slope(sums)) @ w
    return delta
