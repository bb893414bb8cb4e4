"""Which modules make up the product: adding a feature is one line here.

`FEATURES` are imported for what they register (targets, plan kinds, notice hooks).
A router is named by the place it is mounted at: "api" under /api, "root" as it is, "demo" only with the demo mall.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter

FEATURES: tuple[str, ...] = ("backend.plans.undo",)

ROUTERS: tuple[tuple[str, str], ...] = (("api", "backend.plans.endpoints"),)

LIFESPANS: tuple[str, ...] = ()


def routers(place: str) -> Iterator[APIRouter]:
    for where, name in ROUTERS:
        if where == place:
            yield importlib.import_module(name).router


def lifespans() -> Iterator[Callable[[Any], AbstractAsyncContextManager[None]]]:
    for name in LIFESPANS:
        yield importlib.import_module(name).lifespan


def load() -> None:
    """Import everything that registers itself; for processes without the web application."""
    for name in FEATURES:
        importlib.import_module(name)
