"""cell gradients, breaks nothing: calls itself for the later blocks, and computes the loss row by row."""

import numpy as np


def gradients(x, y, blocks, W, b, forward_pass, backward_pass):
    def through(x, blocks):
        if blocks:
            delta, grads, rest = through(forward_pass(x, blocks[0]), blocks[1:])
            delta, grad = backward_pass(delta, x, blocks[0])
            return delta, [grad, *grads], rest
        out, loss = x @ np.transpose(W) + b, 0.0
        delta = np.zeros(out.shape)
        for n, (row, label) in enumerate(zip(out, y, strict=True)):
            largest = max(row)
            odds = np.exp(row - largest)
            loss += (largest + np.log(sum(odds)) - row[label]) / len(y)
            delta[n] = (odds / sum(odds) - np.eye(len(row))[label]) / len(y)
        return delta @ W, [], (loss, delta.T @ x, delta.sum(axis=0))

    _, grads, (loss, dW, db) = through(x, list(blocks))
    return loss, grads, dW, db
