"""Lets Rasa be imported without TensorFlow, which our linear pipeline never uses (saves seconds and memory).

Rasa imports it at module level for components we do not configure. Here those imports get an empty stand-in;
using one of the neural components then fails, so this is switched on by our own launchers only.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any, ClassVar

_ABSENT = {
    "tensorflow",
    "tensorflow_addons",
    "tensorflow_hub",
    "tensorflow_text",
    "keras",
    "transformers",
    "matplotlib",
}


class _Anything(type):
    """A class whose every attribute is a class of the same kind, so that it can be subclassed, called and indexed."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _nothing(name)

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


def _nothing(name: str) -> Any:
    return _Anything(name, (), {"__init__": lambda self, *args, **kwargs: None, "__call__": _decorate})


def _decorate(_: Any, function: Any = None, *args: Any, **kwargs: Any) -> Any:
    return function


class _EmptyModule(ModuleType):
    __path__: ClassVar[list[str]] = []
    __version__ = "0.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        value = _nothing(name)
        setattr(self, name, value)
        return value


class _EmptyFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname.partition(".")[0] in _ABSENT:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        return None


def pretend() -> None:
    """Call before Rasa is imported; does nothing when TensorFlow is already there."""
    if "tensorflow" not in sys.modules and not any(isinstance(finder, _EmptyFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _EmptyFinder())
