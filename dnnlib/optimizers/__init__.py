"""How θ moves: each optimizer is a few lines of vector arithmetic on the whole of θ, with no loop over layers.

Lectures A24, A26, A28, B11, C18–C21. Names, arguments and results are those of `torch.optim`.
"""

from dnnlib.optimizers.adaptive import Adadelta, Adagrad, Adam, AdamW, NAdam, RMSprop
from dnnlib.optimizers.base import Optimizer
from dnnlib.optimizers.sgd import SGD

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "NAdam", "Optimizer", "RMSprop"]
