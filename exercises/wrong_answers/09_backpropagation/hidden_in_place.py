"""cell hidden_error, breaks test_hidden_error: puts the slopes into the caller's z1."""


def hidden_error(delta2, w2, z1):
    z1[...] = z1 > 0
    return (delta2 @ w2) * z1
