"""cell forward, breaks test_forward: knows stacks of two blocks only."""


def forward(x, bodies, factor):
    x_1 = factor * x + bodies[0](x)
    return [x, x_1, factor * x_1 + bodies[1](x_1)]
