"""cell forward, breaks test_forward: adds the bodies to x itself."""


def forward(x, bodies, factor):
    states = [x.copy()]
    for body in bodies:
        new = factor * x + body(x)
        x[:] = new
        states.append(new)
    return states
