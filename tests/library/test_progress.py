"""The progress bar: there for a person at a terminal or in a notebook, silent for everything else."""

import io
import sys
import types
from typing import Any

import numpy as np
import pytest
from catalogue import numbers

import dnnlib as dnn
from dnnlib import progress


class Terminal(io.StringIO):
    """Where a person looks on."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of the tests says about progress bars."""
    monkeypatch.delenv("TQDM_DISABLE", raising=False)


def fit(**options: Any) -> dnn.History:
    model = dnn.Sequential(dnn.Dense(4, 2))
    options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(lr=0.1), "epochs": 3} | options
    return model.fit(numbers(20, 4), np.zeros(20, int), **options)


def test_silent_off_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    fit()
    assert capfd.readouterr() == ("", "")


def test_shown_in_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fit()
    shown = terminal.getvalue()
    assert "3/3" in shown
    assert "loss=" in shown
    assert "accuracy=" in shown
    assert shown.endswith("\n")
    assert capsys.readouterr().out == ""


def test_silent_when_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fit(progress=False)
    assert terminal.getvalue() == ""


def test_shown_in_a_notebook(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """There stderr is no terminal, and the bar is shown nevertheless; not where notebooks are executed for the book."""
    monkeypatch.setattr(progress, "_in_kernel", lambda: True)
    fit()
    assert "3/3" in capsys.readouterr().err
    fit(progress=False)
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("TQDM_DISABLE", "1")
    fit()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("shell", "notebook"), [("ZMQInteractiveShell", True), ("TerminalInteractiveShell", False)])
def test_what_is_a_notebook(monkeypatch: pytest.MonkeyPatch, shell: str, notebook: bool) -> None:
    ipython = types.ModuleType("IPython")
    monkeypatch.setattr(ipython, "get_ipython", type(shell, (), {}), raising=False)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    assert progress._in_kernel() is notebook
    monkeypatch.delitem(sys.modules, "IPython")
    assert progress._in_kernel() is False


def test_closed_when_training_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    model = dnn.Sequential(dnn.Dense(4, 2))
    with pytest.raises(dnn.DivergenceError):
        model.fit(
            1e15 * numbers(20, 4), numbers(20, 2), loss=dnn.MeanSquaredError(), optimizer=dnn.SGD(lr=1e10), epochs=9
        )
    assert terminal.getvalue().endswith("\n"), "the message starts on a line of its own"


class StopAfter(dnn.Callback):
    """Stops after an epoch, at its end or in the first step of the next."""

    def __init__(self, epoch: int, within: bool = False) -> None:
        self.epoch, self.within = epoch, within

    def on_gradient(self, run: dnn.Run) -> None:
        if self.within and run.epoch == self.epoch + 1:
            run.stop = "enough"

    def on_epoch_end(self, run: dnn.Run) -> None:
        if not self.within and run.epoch == self.epoch:
            run.stop = "enough"


@pytest.mark.parametrize("within", [False, True])
def test_shows_where_a_training_stopped(monkeypatch: pytest.MonkeyPatch, within: bool) -> None:
    """Only whole epochs count."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    history = fit(epochs=5, batch_size=10, callbacks=[StopAfter(2, within)])
    assert history.epochs == 2
    last = terminal.getvalue().rstrip("\n").split("\r")[-1]
    assert "2/5" in last
    assert f"loss={history['loss'][-1]:.4f}" in last
    assert terminal.getvalue().endswith("\n")


class BeginAt(dnn.Callback):
    """As if some epochs had been run before."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_start(self, run: dnn.Run) -> None:
        run.epoch = self.epoch


@pytest.mark.parametrize("epoch", [3, 5])
def test_begins_where_a_training_resumes(monkeypatch: pytest.MonkeyPatch, epoch: int) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    fit(epochs=5, callbacks=[BeginAt(epoch)])
    first, last = terminal.getvalue().split("\r")[1], terminal.getvalue().split("\r")[-1]
    assert f"{epoch}/5" in first
    assert "5/5" in last
    assert all(f"{before}/5" not in terminal.getvalue() for before in range(epoch))


class Fail(dnn.Callback):
    """Fails at one moment."""

    def __init__(self, moment: str) -> None:
        setattr(self, moment, self.fail)

    def fail(self, run: dnn.Run) -> None:
        raise RuntimeError("broken")


@pytest.mark.parametrize("moment", ["on_epoch_start", "on_gradient", "on_epoch_end", "on_end"])
def test_closed_when_a_callback_fails(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(RuntimeError, match="broken"):
        fit(callbacks=[Fail(moment)])
    assert terminal.getvalue().endswith("\n")
