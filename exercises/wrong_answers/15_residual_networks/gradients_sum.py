"""cell gradients, breaks test_gradients: adds the losses up instead of the mean."""

import numpy as np


def gradients(x, y, blocks, W, b, forward_pass, backward_pass):
    states = [x]
    for p in blocks:
        states.append(forward_pass(states[-1], p))
    out = states[-1] @ W.T + b
    out = out - out.max(axis=1, keepdims=True)
    log_y_hat = out - np.log(np.exp(out).sum(axis=1, keepdims=True))
    delta = np.exp(log_y_hat)
    delta[np.arange(len(y)), y] -= 1
    loss = -np.sum(log_y_hat[np.arange(len(y)), y])
    dW, db = delta.T @ states[-1], delta.sum(axis=0)
    delta, grads = delta @ W, []
    for x_l, p in zip(states[-2::-1], blocks[::-1], strict=True):
        delta, grad = backward_pass(delta, x_l, p)
        grads.append(grad)
    return loss, grads[::-1], dW, db
