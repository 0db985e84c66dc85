"""cell average, breaks test_average: the old content counts as well."""


def average(store, gradients, sizes):
    for gradient, size in zip(gradients, sizes, strict=True):
        store += gradient * size / sum(sizes)
