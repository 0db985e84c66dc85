"""Nothing in the library is left out of the catalogue, and so nothing is left untested."""

import importlib
import inspect
import pkgutil

import catalogue
import pytest

import dnnlib as dnn
from dnnlib import initializers
from dnnlib.layers import LAYERS
from dnnlib.losses import LOSSES


def library_modules() -> list[str]:
    """Every module of the library but the book's figures."""
    found = pkgutil.walk_packages(dnn.__path__, "dnnlib.")
    return ["dnnlib", *(m.name for m in found if not m.name.startswith("dnnlib.figures"))]


def public_subclasses(base: type) -> set[type]:
    """Every public class of the library below `base`, wherever it is defined."""
    for name in library_modules():
        importlib.import_module(name)
    below = {sub for direct in base.__subclasses__() for sub in (direct, *public_subclasses(direct))}
    return {c for c in below if c.__module__.startswith("dnnlib.") and not c.__name__.startswith("_")}


KINDS = {
    "layers": (dnn.Layer, {type(case.make(case.features)) for case in catalogue.LAYERS}),
    "losses": (dnn.Loss, {type(case.make()) for case in catalogue.LOSSES}),
    "optimizers": (dnn.Optimizer, {type(case.make()) for case in catalogue.OPTIMIZERS}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_class_has_an_entry(kind: str) -> None:
    base, listed = KINDS[kind]
    assert {c.__name__ for c in public_subclasses(base)} == {c.__name__ for c in listed}


@pytest.mark.parametrize("kind", KINDS)
def test_every_class_is_exported(kind: str) -> None:
    base, _ = KINDS[kind]
    assert {c.__name__ for c in public_subclasses(base)} <= set(dnn.__all__)


def test_every_initializer_has_an_entry() -> None:
    names = [case.name for case in catalogue.INITIALIZERS]
    assert set(names) == set(initializers.INITIALIZERS)
    functions = {
        name
        for name, f in inspect.getmembers(initializers, inspect.isfunction)
        if not name.startswith("_") and list(inspect.signature(f).parameters)[:2] == ["shape", "rng"]
    }
    assert set(names) == functions


def test_tables_for_files_are_complete() -> None:
    """What `save` writes by name, `load` finds by name."""
    assert set(LAYERS.values()) == public_subclasses(dnn.Layer)
    assert set(LOSSES.values()) == public_subclasses(dnn.Loss)
    assert all(name == thing.__name__ for table in (LAYERS, LOSSES) for name, thing in table.items())


def test_an_unlisted_layer_would_be_noticed() -> None:
    class Unlisted(dnn.Layer):
        pass

    assert Unlisted not in public_subclasses(dnn.Layer)  # one of the tests' own is not the library's
    Unlisted.__module__ = "dnnlib.layers.unlisted"
    assert Unlisted in public_subclasses(dnn.Layer)
    Unlisted.__module__ = __name__


@pytest.mark.parametrize("entries", ["LAYERS", "LOSSES", "OPTIMIZERS", "INITIALIZERS"])
def test_names_are_unique(entries: str) -> None:
    names = [case.name for case in getattr(catalogue, entries)]
    assert len(names) == len(set(names))
