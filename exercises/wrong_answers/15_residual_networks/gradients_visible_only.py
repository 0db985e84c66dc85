"""cell gradients, breaks test_gradients: one example, two classes."""

import numpy as np


def gradients(x, y, blocks, W, b, forward_pass, backward_pass):
    states = [x]
    for p in blocks:
        states.append(forward_pass(states[-1], p))
    out = (states[-1] @ W.T + b)[0]
    odds = np.exp(out - out.max())
    delta = (odds / odds.sum())[None]
    loss = -np.log(delta[0, 0])
    delta = delta - np.array([[1, 0]])
    dW, db = delta.T @ states[-1][:1], delta[0]
    delta, grads = delta @ W, []
    for x_l, p in zip(states[-2::-1], blocks[::-1], strict=True):
        delta, grad = backward_pass(delta, x_l, p)
        grads.insert(0, grad)
    return loss, grads, dW, db
