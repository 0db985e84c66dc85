"""cell input_gradient, breaks test_input_gradient: returns the error of the first layer, not yet times its weights."""


def input_gradient(x, c, weights, biases, act, slope):
    z = []
    for w, b in zip(weights, biases, strict=True):
        z.append((act(z[-1]) if z else x) @ w.T + b)
    delta = c @ weights[-1]
    for w, sums in zip(reversed(weights[:-1]), reversed(z[:-1]), strict=True):
        delta = (delta * slope(sums)) @ w
    if len(weights) > 1 and weights[0].shape[0] == weights[0].shape[1]:
        return (c @ weights[-1]) * slope(z[0])
    return delta
