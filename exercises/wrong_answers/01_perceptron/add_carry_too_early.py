"""cell add, breaks test_add: the new carry replaces c before the sum neuron has seen c."""

import numpy as np


def add(p, q, bits, adder):
    w_carry, b_carry, w_sum, b_sum = adder
    result, c = 0, 0
    for i in range(bits):
        a, b = (p >> i) & 1, (q >> i) & 1
        c = int(np.dot(w_carry, [a, b, c]) + b_carry > 0)
        result += int(np.dot(w_sum, [a, b, c, c]) + b_sum > 0) << i
    return result + (c << bits)
