"""cell add, breaks test_add: drops the carry out of the last column."""

import numpy as np


def add(p, q, bits, adder):
    w_carry, b_carry, w_sum, b_sum = adder
    result, c = 0, 0
    for i in range(bits):
        a, b = (p >> i) & 1, (q >> i) & 1
        carry = int(np.dot(w_carry, [a, b, c]) + b_carry > 0)
        result += int(np.dot(w_sum, [a, b, c, carry]) + b_sum > 0) << i
        c = carry
    return result
