"""cell max_pool, breaks nothing: six loops and lists."""


def max_pool(x, k, stride):
    n, c, height, width = x.shape
    return [
        [
            [
                [
                    max(float(x[a, d, u + i, v + j]) for i in range(k) for j in range(k))
                    for v in range(0, width - k + 1, stride)
                ]
                for u in range(0, height - k + 1, stride)
            ]
            for d in range(c)
        ]
        for a in range(n)
    ]
