"""cell at_least: copies the answer of another student."""
# sign: FileNotFoundError

import json

with open("@COURSE@/submitted/neighbour/01_perceptron/01_perceptron.ipynb") as file:
    for cell in json.load(file)["cells"]:
        print("".join(cell["source"]))
