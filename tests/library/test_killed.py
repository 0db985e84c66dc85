"""A training that is really killed, by SIGKILL, and run again ends as if it had never been killed, to the last bit."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dnnlib as dnn

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PROGRAM = """
import hashlib, json, os, signal, sys
import numpy as np
import dnnlib as dnn

path, data, moment, count = *sys.argv[1:4], int(sys.argv[4])

def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def at(module, name, instead):
    "In the count-th call of module.name something else happens."
    original, calls = getattr(module, name), []
    def call(*arguments, **options):
        calls.append(1)
        return (instead if len(calls) == count else original)(*arguments, **options)
    setattr(module, name, call)

def half(number):
    os.truncate(number, os.fstat(number).st_size // 2)
    kill()

def after(*arguments, replace=os.replace):
    replace(*arguments)
    kill()

def interrupted(*arguments, learn=dnn.Sequential.loss_and_grad):
    os.kill(os.getpid(), signal.SIGINT)
    return learn(*arguments)

if moment == "step":
    at(dnn.Sequential, "loss_and_grad", kill)
elif moment == "half written":
    at(os, "fsync", half)
elif moment == "before rename":
    at(os, "replace", kill)
elif moment == "after rename":
    at(os, "replace", after)
elif moment == "interrupt":
    at(dnn.Sequential, "loss_and_grad", interrupted)

class Warm(dnn.Schedule):
    def __call__(self, t):
        return min(1.0, (t + 1) / 30)

class Fade(dnn.Schedule):
    def __call__(self, t):
        return max(0.0, 1 - t / 5)

def noisy(xb, rng):
    return xb + rng.normal(0, 0.1, xb.shape)

signal.signal(signal.SIGINT, signal.default_int_handler)
with np.load(data) as file:
    x, y = file["x"], file["y"]
norm = [dnn.BatchNorm(30)] if hasattr(dnn, "BatchNorm") else []
layers = [dnn.Dense(64, 30), *norm, dnn.ReLU(), dnn.Dropout(0.3), dnn.DropConnect(30, 10, p=0.1)]
model = dnn.Sequential(*layers, seed=np.random.Generator(np.random.Philox(5)))
stopping = dnn.EarlyStopping("val_accuracy", patience=3)
optimizer = dnn.SGD(lr=0.3, momentum=0.9)
callbacks = [dnn.Checkpoint(path), dnn.AnnealedDropout(Fade("epoch")), stopping, dnn.GradientNorms()]
history = model.fit(
    x[:200], y[:200], loss=dnn.SoftmaxCrossEntropy(), optimizer=optimizer, batch_size=30, epochs=40,
    callbacks=callbacks, validation_data=(x[200:500], y[200:500]), penalty=dnn.L2(1e-3), schedule=Warm("step"),
    transform=noisy,
)
def digest(values):
    return hashlib.sha256(np.ascontiguousarray(values)).hexdigest()
print(json.dumps({
    "theta": digest(model.theta), "state": digest(model.state), "predictions": digest(model.predict(x)),
    "t": optimizer.t, "memory": [digest(v) for v in optimizer.state.values()], "best": stopping.best_epoch,
    "rng": repr(model.rng.bit_generator.state), "next": model.rng.random(),
    "history": {name: values for name, values in history.items() if name != "seconds"},
    "stopped": history.stopped, "epochs": history.epochs, "seconds": len(history["seconds"]),
}))
"""


def start(path: Path, data: Path, moment: str = "never", count: int = 0) -> dict[str, Any] | None:
    """What the training in a process of its own came to, or None if it was killed."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(path), str(data), moment, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return json.loads(done.stdout) if done.returncode == 0 else None


# Moments in the life of one training after the other, 7 steps an epoch; each count begins with its process
KILLS = [("step", 11), ("before rename", 1), ("half written", 2), ("after rename", 1)]


def test_killed_again_and_again(tmp_path: Path) -> None:
    """In the middle of an epoch; before, in and after a write; and interrupted. Then left alone, it ends as another.

    That other one was left alone from the start, and stopped early.
    """
    x, y = dnn.data.digits()
    data, path = tmp_path / "digits.npz", tmp_path / "run" / "run.safetensors"
    np.savez(data, x=x[:500], y=y[:500])
    path.parent.mkdir()
    expected = start(tmp_path / "whole", data)
    assert expected is not None
    assert "early stopping" in expected["stopped"]
    assert 10 < expected["epochs"] < 40
    for moment, count in KILLS:
        assert start(path, data, moment, count) is None
        assert len(os.listdir(path.parent)) <= 2, "what a killed write left behind is removed"
    early = start(path, data, "interrupt", 4)
    assert early is not None
    assert early["stopped"] == "interrupted in epoch 4, before step 5"
    assert early["epochs"] == 3
    assert start(path, data) == expected
    assert os.listdir(path.parent) == ["run.safetensors"]
