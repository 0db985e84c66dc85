"""The mean loss and accuracy of many batches. Lectures A30, A32."""

from __future__ import annotations

from typing import NamedTuple

from dnnlib.distributed import Group
from dnnlib.engine import Array


class Evaluation(NamedTuple):
    """What `evaluate` returns: the mean loss, and the fraction of examples answered right (None for one output)."""

    loss: float
    accuracy: float | None


class Average:
    """The running sums of loss and right answers over batches of different sizes.

    They stay on the device that computes them: reading a number from a GPU waits until all work before it is done.
    """

    def __init__(self) -> None:
        self.loss: Array = 0.0
        self.correct: Array | None = 0
        self.examples = 0

    def add(self, value: Array, correct: Array | None, examples: int) -> None:
        """Count one batch in: its mean loss, and how many of its answers were right (None where that means nothing)."""
        if not examples:  # a row that another process counts
            return
        self.loss = self.loss + value * examples
        self.correct = None if correct is None or self.correct is None else self.correct + correct
        self.examples += examples

    def result(self, group: Group) -> Evaluation:
        """The means so far, over what all processes of the group have counted."""
        self.loss, self.correct, self.examples = group.total(self.loss, self.correct, self.examples)
        accuracy = None if self.correct is None else int(self.correct) / self.examples
        return Evaluation(float(self.loss) / self.examples, accuracy)
