"""cell forward, breaks test_forward: multiplies the body by the factor as well."""


def forward(x, bodies, factor):
    states = [x]
    for body in bodies:
        states.append(factor * (states[-1] + body(states[-1])))
    return states
