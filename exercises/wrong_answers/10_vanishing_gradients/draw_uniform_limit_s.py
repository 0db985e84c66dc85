"""cell draw, breaks test_draw: the uniform numbers reach to s, not to √3 s."""


def draw(kind, s, fan_in, fan_out, rng):
    if kind == "normal":
        return rng.normal(0, s, (fan_out, fan_in))
    c = s
    return rng.uniform(-c, c, (fan_out, fan_in))
