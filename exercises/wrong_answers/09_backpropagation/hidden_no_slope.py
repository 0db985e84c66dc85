"""cell hidden_error, breaks test_hidden_error: the slope of ReLU is left out."""


def hidden_error(delta2, w2, z1):
    return delta2 @ w2
