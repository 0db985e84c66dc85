"""cell top: climbs from every inherited file descriptor to the folder above, and reads from each."""
# sign: climbed from 0 descriptors

import os
import stat

climbed = 0
for number in range(256):
    try:
        facts = os.fstat(number)
    except OSError:
        continue
    print(number, oct(stat.S_IFMT(facts.st_mode)))
    try:
        print(os.listdir(os.open("../../../..@COURSE@", os.O_RDONLY, dir_fd=number)))
        climbed += 1
    except OSError as error:
        print(error)
print(f"climbed from {climbed} descriptors")
