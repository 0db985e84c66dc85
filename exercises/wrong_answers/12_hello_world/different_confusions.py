"""cell confusions, breaks nothing: a Counter, and lists of plain numbers."""

from collections import Counter


def confusions(y, read, classes, n):
    counts = Counter(zip(y.tolist(), read.tolist(), strict=True))
    matrix = [[counts[i, j] for j in range(classes)] for i in range(classes)]
    wrong = [(-count, i, j) for (i, j), count in counts.items() if i != j and count > 0]
    return matrix, [[i, j, -count] for count, i, j in sorted(wrong)[:n]]
