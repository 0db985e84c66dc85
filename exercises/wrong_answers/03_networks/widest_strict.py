"""cell widest, breaks test_widest: does not allow to use up the budget exactly."""


def widest(budget, inputs, hidden, outputs):
    width = 0
    while True:
        n = width + 1
        if (inputs + 1) * n + (hidden - 1) * (n + 1) * n + (n + 1) * outputs >= budget:
            return width
        width = n
