"""The progress bar: there for a person at a terminal or in a notebook, silent for everything else."""

import io
import sys
import types

import numpy as np
import pytest
from catalogue import numbers

import dnnlib as dnn
from dnnlib import training


class Terminal(io.StringIO):
    """Where a person looks on."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of the tests says about progress bars."""
    monkeypatch.delenv("TQDM_DISABLE", raising=False)


def fit(progress: bool = True, lr: float = 0.1) -> None:
    model = dnn.Sequential(dnn.Dense(4, 2))
    options = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(lr=lr)}
    model.fit(numbers(20, 4), np.zeros(20, int), **options, epochs=3, progress=progress)


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
    monkeypatch.setattr(training, "_in_kernel", lambda: True)
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
    assert training._in_kernel() is notebook
    monkeypatch.delitem(sys.modules, "IPython")
    assert training._in_kernel() is False


def test_closed_when_training_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    model = dnn.Sequential(dnn.Dense(4, 2))
    with pytest.raises(dnn.DivergenceError):
        model.fit(
            1e15 * numbers(20, 4), numbers(20, 2), loss=dnn.MeanSquaredError(), optimizer=dnn.SGD(lr=1e10), epochs=9
        )
    assert terminal.getvalue().endswith("\n"), "the message starts on a line of its own"
