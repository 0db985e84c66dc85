"""The record of a training: what `fit` returns, and figures draw. Lectures A30, C15."""

from __future__ import annotations

import copy


class History(dict[str, list[float]]):
    """How a training went: a list with one number an epoch for each of

    `loss` and `accuracy`, measured batch by batch while the network was learning, `val_loss` and `val_accuracy`,
    measured on the validation data after the epoch, `lr`, the learning rate of its last step, and `seconds`; callbacks
    may add their own, as `GradientNorms` does. Losses are those of the data alone, without penalty. Lists without
    meaning (no validation data, a single output) are left out.

    `stopped` says why and when a training ended before its last epoch, and is empty if it did not.
    """

    stopped: str = ""

    @property
    def epochs(self) -> int:
        """How many epochs were run to their end."""
        return len(self["loss"]) if "loss" in self else 0

    def add(self, **measured: float | None) -> None:
        """Append one epoch's numbers; None is left out."""
        for name, value in measured.items():
            if value is not None:
                self.setdefault(name, []).append(value)

    def last(self) -> dict[str, float]:
        """The losses and accuracies of the last epoch."""
        return {name: values[-1] for name, values in self.items() if name.endswith(("loss", "accuracy"))}

    def copy(self) -> History:
        """A History with the same lists."""
        return copy.copy(self)

    def __repr__(self) -> str:
        shown = [f"{self.epochs} epoch{'' if self.epochs == 1 else 's'}"]
        shown += [f"{name} {value:.4f}" for name, value in self.last().items()]
        return f"History({', '.join(shown)}{f'; {self.stopped}' if self.stopped else ''})"
