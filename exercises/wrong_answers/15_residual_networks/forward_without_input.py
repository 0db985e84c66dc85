"""cell forward, breaks test_forward: leaves x_0 out of the list."""


def forward(x, bodies, factor):
    states = [x]
    for body in bodies:
        states.append(factor * states[-1] + body(states[-1]))
    return states[1:]
