"""cell widest, breaks test_widest: one connection between hidden layers too many."""


def widest(budget, inputs, hidden, outputs):
    width = 0
    while True:
        n = width + 1
        if (inputs + 1) * n + hidden * (n + 1) * n + (n + 1) * outputs > budget:
            return width
        width = n
