"""cell hidden_error, breaks test_hidden_error: the slope at z = 0 counts as 1."""


def hidden_error(delta2, w2, z1):
    return (delta2 @ w2) * (z1 >= 0)
