"""cell averaged, breaks test_averaged: writes the means into the path while it still needs the points."""


def averaged(path):
    for t in range(len(path)):
        path[t] = path[t // 2 : t + 1].mean(axis=0)
    return path
