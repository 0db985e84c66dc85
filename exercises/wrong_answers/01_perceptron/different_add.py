"""cell add, breaks nothing: works on strings of binary digits and calls itself for the columns to the left."""


def columns(p, q, c, adder):
    if not p:
        return str(c)
    w_carry, b_carry, w_sum, b_sum = adder
    seen = [int(p[-1]), int(q[-1]), c]
    carry = int(sum(w * s for w, s in zip(w_carry, seen, strict=True)) + b_carry > 0)
    bit = int(sum(w * s for w, s in zip(w_sum, [*seen, carry], strict=True)) + b_sum > 0)
    return columns(p[:-1], q[:-1], carry, adder) + str(bit)


def add(p, q, bits, adder):
    return int(columns(f"{p:0{bits}b}", f"{q:0{bits}b}", 0, adder), 2)
