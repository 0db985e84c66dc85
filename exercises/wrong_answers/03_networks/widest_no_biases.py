"""cell widest, breaks test_widest: counts the weights only."""


def widest(budget, inputs, hidden, outputs):
    width = 0
    while True:
        n = width + 1
        if inputs * n + (hidden - 1) * n * n + n * outputs > budget:
            return width
        width = n
