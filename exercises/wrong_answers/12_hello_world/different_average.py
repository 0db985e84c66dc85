"""cell average, breaks nothing: entry by entry, and it also returns the store."""

import math


def average(store, gradients, sizes):
    total = sum(sizes)
    for j in range(len(store)):
        store[j] = math.fsum(size * gradient[j] for size, gradient in zip(sizes, gradients, strict=True)) / total
    return store
