"""cell half_plane: prints what cannot be stored: half surrogate pairs, null bytes, control sequences."""
# sign: odd

print("odd \ud800 \udfff \x00 \x1b[2J\x1b]0;title\x07 \u202e \ufeff \U0010ffff \x85 \u2028")


def half_plane(p, q, inside):
    raise ValueError("\ud800 \x00 \x1b[2J")
