"""cell layer_gradients, breaks test_layer_gradients: the mean for the biases only."""


def layer_gradients(delta, a):
    return delta.T @ a, delta.mean(axis=0)
