"""cell forward, breaks test_forward: adds the input of the stack instead of that of the block."""


def forward(x, bodies, factor):
    states = [x]
    for body in bodies:
        states.append(factor * x + body(states[-1]))
    return states
