"""cell add, breaks test_add: adds with + and ignores the neurons that it is given."""


def add(p, q, bits, adder):
    return p + q
