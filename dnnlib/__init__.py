"""dnnlib: the equations of the lectures on deep neural networks, run on NumPy and on torch (CPU or CUDA).

    import dnnlib as dnn

    model = dnn.Sequential(dnn.Dense(64, 100), dnn.ReLU(), dnn.Dense(100, 10), seed=0)
    model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(lr=1e-3), batch_size=100, epochs=20)
    model.evaluate(x_test, y_test)

Importing it imports neither torch, matplotlib nor scikit-learn; `dnnlib.figures` draws the book's pictures.
"""

from dnnlib import data, initializers, interop, landscape, models, speed, surfaces
from dnnlib.average import Evaluation
from dnnlib.callbacks import AnnealedDropout, Callback, EarlyStopping, GradientNorms, Run
from dnnlib.checkpoint import Checkpoint, CheckpointError
from dnnlib.clipping import ClipGradNorm, ClipGradValue, clip_grad_norm, clip_grad_value
from dnnlib.data import batches
from dnnlib.distributed import DistributedError
from dnnlib.engine import best_device
from dnnlib.gradcheck import GradientError, gradcheck
from dnnlib.history import History
from dnnlib.layers import (
    ELU,
    ArcTan,
    AvgPool2d,
    BatchNorm,
    BinaryStep,
    Conv2d,
    Dense,
    DropConnect,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Identity,
    Layer,
    LeakyReLU,
    Maxout,
    MaxPool2d,
    PReLU,
    ReLU,
    Residual,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from dnnlib.losses import BinaryCrossEntropy, Loss, MeanSquaredError, QuadraticCost, SoftmaxCrossEntropy
from dnnlib.model import Sequential
from dnnlib.models import lenet, mlp, plain_net, resnet, summary
from dnnlib.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, NAdam, Optimizer, RMSprop
from dnnlib.penalties import L1, L2, Penalty
from dnnlib.probability import cross_entropy, entropy, information, kl_divergence, softmax
from dnnlib.schedules import CosineAnnealingLR, ExponentialLR, InverseSqrt, LinearLR, Schedule, StepLR, Warmup
from dnnlib.source import show_source
from dnnlib.storage import ModelFileError, load
from dnnlib.training import DivergenceError

__version__ = "0.1.0"

__all__ = [
    "ELU",
    "L1",
    "L2",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "AnnealedDropout",
    "ArcTan",
    "AvgPool2d",
    "BatchNorm",
    "BinaryCrossEntropy",
    "BinaryStep",
    "Callback",
    "Checkpoint",
    "CheckpointError",
    "ClipGradNorm",
    "ClipGradValue",
    "Conv2d",
    "CosineAnnealingLR",
    "Dense",
    "DistributedError",
    "DivergenceError",
    "DropConnect",
    "Dropout",
    "EarlyStopping",
    "Evaluation",
    "ExponentialLR",
    "Flatten",
    "GlobalAvgPool2d",
    "GradientError",
    "GradientNorms",
    "History",
    "Identity",
    "InverseSqrt",
    "Layer",
    "LeakyReLU",
    "LinearLR",
    "Loss",
    "MaxPool2d",
    "Maxout",
    "MeanSquaredError",
    "ModelFileError",
    "NAdam",
    "Optimizer",
    "PReLU",
    "Penalty",
    "QuadraticCost",
    "RMSprop",
    "ReLU",
    "Residual",
    "Run",
    "Schedule",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Softplus",
    "StepLR",
    "Tanh",
    "Warmup",
    "batches",
    "best_device",
    "clip_grad_norm",
    "clip_grad_value",
    "cross_entropy",
    "data",
    "entropy",
    "gradcheck",
    "information",
    "initializers",
    "interop",
    "kl_divergence",
    "landscape",
    "lenet",
    "load",
    "mlp",
    "models",
    "plain_net",
    "resnet",
    "show_source",
    "softmax",
    "speed",
    "summary",
    "surfaces",
]
