"""cell widest, breaks test_widest: never returns 0."""


def widest(budget, inputs, hidden, outputs):
    width = 0
    while True:
        n = width + 1
        if (inputs + 1) * n + (hidden - 1) * (n + 1) * n + (n + 1) * outputs > budget:
            return max(width, 1)
        width = n
