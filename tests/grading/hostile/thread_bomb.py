"""cell end: starts threads without an end."""
# sign: threads were possible

import threading

count = 0
try:
    while count < 5000:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        count += 1
except RuntimeError as error:
    print(error)
assert count < 500, "no limit"
print(count, "threads were possible")
