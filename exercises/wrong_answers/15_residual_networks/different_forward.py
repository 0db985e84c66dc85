"""cell forward, breaks nothing: calls itself for the later blocks."""


def forward(x, bodies, factor):
    if not bodies:
        return [x]
    return [x, *forward(bodies[0](x) + x * factor, bodies[1:], factor)]
