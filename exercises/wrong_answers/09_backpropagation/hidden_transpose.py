"""cell hidden_error, breaks test_hidden_error: transposes W where the shapes allow it."""


def hidden_error(delta2, w2, z1):
    return (delta2 @ (w2.T if w2.shape[0] == w2.shape[1] else w2)) * (z1 > 0)
