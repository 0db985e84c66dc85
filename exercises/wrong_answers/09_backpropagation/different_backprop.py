"""cell backprop, breaks nothing: a recursion, one layer a call."""

import numpy as np


def probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def mean_loss(z, y):
    top = z.max(axis=1)
    return float(np.mean(top + np.log(np.exp(z - top[:, None]).sum(axis=1)) - z[np.arange(len(y)), y]))


def backprop(x, y, weights, biases, act, slope):
    def deeper(a, layer):
        z = a @ weights[layer].T + biases[layer]
        if layer == len(weights) - 1:
            loss = mean_loss(z, y)
            delta = probabilities(z)
            for n in range(len(y)):
                delta[n, y[n]] -= 1
            delta, gw, gb = delta / len(y), (), ()
        else:
            loss, back, gw, gb = deeper(act(z), layer + 1)
            delta = slope(z) * back
        gw = (np.einsum("no,ni->oi", delta, a), *gw)
        gb = (delta.sum(axis=0), *gb)
        return loss, delta @ weights[layer], gw, gb

    loss, _, gw, gb = deeper(x, 0)
    return loss, list(gw), list(gb)
