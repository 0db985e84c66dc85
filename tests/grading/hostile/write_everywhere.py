"""cell end: overwrites the gradebook, the exercise, the grader and NumPy."""
# sign: wrote 0 files

import numpy

wrote = []
for name in [
    "@COURSE@/gradebook.db",
    "@COURSE@/source/01_perceptron/01_perceptron.ipynb",
    "@COURSE@/autograded/@ME@/01_perceptron/01_perceptron.ipynb",
    "@COURSE@/records/01_perceptron/@ME@.json",
    "@COURSE@/hacked",
    "@REPOSITORY@/dnnlib/grading/hacked.py",
    "@REPOSITORY@/hacked",
    numpy.__file__.replace("__init__", "hacked"),
    "/usr/hacked",
    "/etc/hacked",
    "/hacked",
]:
    try:
        with open(name, "w") as file:
            file.write("hacked")
        wrote.append(name)
    except OSError as error:
        print(name, error)
print(f"wrote {len(wrote)} files", wrote)
