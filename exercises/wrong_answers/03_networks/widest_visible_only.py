"""cell widest, breaks test_widest: tries widths up to 3 only."""


def widest(budget, inputs, hidden, outputs):
    width = 0
    while True:
        n = width + 1
        if (inputs + 1) * n + (hidden - 1) * (n + 1) * n + (n + 1) * outputs > budget or width == 3:
            return width
        width = n
