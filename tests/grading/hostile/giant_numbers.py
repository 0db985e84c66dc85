"""cell mistake_bound: returns integers of a hundred thousand digits."""
# sign: ready


def mistake_bound(x, y, w, b):
    return 10**100_000


print("ready")
