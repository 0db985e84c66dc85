"""Ctrl-C ends a training after the step under way, and its history is returned: real signals, in real processes."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from mistakes import fit

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

HEAD = """
import os, signal, sys, threading, time
import numpy as np
import dnnlib as dnn

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background would start with it ignored
X, Y = np.random.default_rng(0).normal(size=(20, 4)), np.arange(20) % 3

class Press(dnn.Callback):
    "Ctrl-C, so many times, at one moment of an epoch."
    def __init__(self, moment, epoch, step=0, times=1):
        self.moment, self.epoch, self.step, self.times = moment, epoch, step, times
    def press(self):
        for _ in range(self.times):
            os.kill(os.getpid(), signal.SIGINT)
    def on_gradient(self, run):
        if self.moment == "step" and (run.epoch, run.step % 4 + 1) == (self.epoch, self.step):
            self.press()
    def on_epoch_end(self, run):
        if self.moment == "end" and run.epoch == self.epoch:
            self.press()

def net():
    return dnn.Sequential(dnn.Dense(4, 5), dnn.Tanh(), dnn.Dense(5, 3), seed=0)

def fit(*callbacks, model=None, **options):
    options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(lr=0.5), "batch_size": 5, "epochs": 4} | options
    return (model or net()).fit(X, Y, validation_data=(X, Y), callbacks=callbacks, **options)

def show(history):
    assert {len(values) for values in history.values()} in ({history.epochs}, set())
    print(history.epochs, history.stopped, sep="|")
"""


def run(program: str) -> list[str]:
    """The lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", HEAD + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_at_any_moment() -> None:
    """In a step, at the last step of an epoch, at the end of an epoch, in the first step and the last of all."""
    printed = run("""
        show(fit(Press("step", 3, 2)))
        show(fit(Press("step", 3, 4)))
        show(fit(Press("end", 2)))
        show(fit(Press("step", 1, 1)))
        show(fit(Press("step", 4, 4)))
        show(fit(Press("end", 4)))
        show(fit())
    """)
    assert printed == [
        "2|interrupted in epoch 3, before step 3",
        "3|interrupted before epoch 4",
        "2|interrupted before epoch 3",
        "0|interrupted in epoch 1, before step 2",
        "4|",
        "4|",
        "4|",
    ]


def test_theta_is_that_of_whole_steps() -> None:
    """Two epochs and two steps; and the training goes on from there as if nothing had been."""
    printed = run("""
        model = net()
        fit(Press("step", 3, 2), model=model)
        by_hand, loss, optimizer = net(), dnn.SoftmaxCrossEntropy(), dnn.SGD(lr=0.5)
        steps = [batch for _ in range(3) for batch in dnn.batches(X.astype("f"), Y, 5, by_hand.rng)]
        for xb, yb in steps[:10]:
            by_hand.loss_and_grad(xb, yb, loss)
            optimizer.step(by_hand.theta, by_hand.grad)
        print((model.theta == by_hand.theta).all(), model.training, (model.grad == by_hand.grad).all())
    """)
    assert printed == ["True True True"]


def test_during_validation() -> None:
    """The epoch is measured and recorded, and then it is over."""
    printed = run("""
        class Pressing(dnn.Tanh):
            "Ctrl-C in the second validation."
            seen = 0
            def forward(self, x):
                Pressing.seen += not self.training
                if Pressing.seen == 2:
                    os.kill(os.getpid(), signal.SIGINT)
                return super().forward(x)
        history = fit(model=dnn.Sequential(dnn.Dense(4, 5), Pressing(), dnn.Dense(5, 3), seed=0))
        show(history)
        print(history["val_loss"] == fit(epochs=2)["val_loss"])
    """)
    assert printed == ["2|interrupted before epoch 3", "True"]


def test_twice_stops_at_once() -> None:
    printed = run("""
        model, before = net(), net().theta.copy()
        try:
            fit(Press("step", 1, 1, times=2), model=model)
        except KeyboardInterrupt:
            print("raised", (model.theta == before).all(), model.training)
    """)
    assert printed == ["raised True True"]


def test_the_handler_before_is_there_again() -> None:
    """Whatever ends the training; and it is the one that a second Ctrl-C calls."""
    printed = run("""
        def mine(*_):
            print("mine")
        signal.signal(signal.SIGINT, mine)
        fit()
        print(signal.getsignal(signal.SIGINT) is mine)
        show(fit(Press("step", 2, 3, times=3)))
        print(signal.getsignal(signal.SIGINT) is mine)
        try:
            fit(optimizer=dnn.SGD(lr=1e38))
        except dnn.DivergenceError:
            print(signal.getsignal(signal.SIGINT) is mine)
        os.kill(os.getpid(), signal.SIGINT)
    """)
    assert printed == ["True", "mine", "mine", "1|interrupted in epoch 2, before step 4", "True", "True", "mine"]


def test_where_it_is_ignored_it_stays_ignored() -> None:
    printed = run("""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        show(fit(Press("step", 2, 3)))
        print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)
    """)
    assert printed == ["4|", "True"]


def test_a_handler_that_python_did_not_set_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python cannot put it back, so it must not be replaced."""
    monkeypatch.setattr(signal, "getsignal", lambda number: None)
    monkeypatch.setattr(signal, "signal", lambda *_: pytest.fail("replaced"))
    assert fit(epochs=2).epochs == 2


def test_in_a_thread_nothing_changes() -> None:
    """The main thread is interrupted as ever; the training in the other goes on to its end."""
    printed = run("""
        inside = threading.Event()
        class Slow(dnn.Callback):
            def on_epoch_end(self, run):
                inside.set()
                time.sleep(0.05)
        thread = threading.Thread(target=lambda: show(fit(Slow())))
        thread.start()
        inside.wait()
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(10)
        except KeyboardInterrupt:
            print("main interrupted")
        thread.join()
        print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)
    """)
    assert printed == ["main interrupted", "4|", "True"]


def test_from_outside(tmp_path: Path) -> None:
    """As a person at a terminal, or a notebook's "interrupt", does."""
    program = """
        class Ready(dnn.Callback):
            def on_gradient(self, run):
                if run.step == 5:
                    print("ready", flush=True)
        show(fit(Ready(), epochs=10**6))
    """
    process = subprocess.Popen(
        [sys.executable, "-c", HEAD + textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        printed = process.communicate(timeout=30)[0]
    finally:
        process.kill()
    epochs, stopped = printed.strip().split("|")
    assert process.returncode == 0
    assert int(epochs) >= 1
    assert stopped.startswith(
        (f"interrupted in epoch {int(epochs) + 1}, before step ", f"interrupted before epoch {int(epochs) + 1}")
    )
