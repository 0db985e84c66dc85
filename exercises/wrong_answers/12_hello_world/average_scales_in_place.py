"""cell average, breaks test_average: multiplies the caller's gradients."""


def average(store, gradients, sizes):
    store[:] = 0
    for gradient, size in zip(gradients, sizes, strict=True):
        gradient *= size
        store += gradient / sum(sizes)
        gradient /= 1
