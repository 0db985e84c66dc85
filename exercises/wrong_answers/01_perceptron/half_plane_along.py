"""cell half_plane, breaks test_half_plane: the weights point along the line instead of at a right angle to it."""


def half_plane(p, q, inside):
    w = q - p
    b = -(w @ p)
    return (w, b) if w @ inside + b > 0 else (-w, -b)
