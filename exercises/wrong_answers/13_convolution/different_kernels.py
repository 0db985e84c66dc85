"""cell kernels, breaks nothing: Prewitt's slopes, a blur and a curvature of another kind, as lists."""


def kernels():
    right = [[-1 / 6, 0, 1 / 6]] * 3
    down = [[-1 / 6] * 3, [0] * 3, [1 / 6] * 3]
    blur = [[0, 1 / 8, 0], [1 / 8, 1 / 2, 1 / 8], [0, 1 / 8, 0]]
    curvature = [[0.5, 0, 0.5], [0, -2, 0], [0.5, 0, 0.5]]
    return [right, down, blur, curvature]
