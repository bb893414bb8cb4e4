"""Work on tens of thousands of rows makes no garbage: looking for it again and again costs a quarter of the time."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable
from typing import TypeVar

Act = TypeVar("Act", bound=Callable[..., object])


def without_collecting(act: Act) -> Act:  # noqa: UP047 - the new syntax is missing on Python 3.10, where Rasa runs
    """The collector of cycles rests while `act` runs; memory is freed by counting as ever.

    Of two at once the first to end wakes it: the other is then slower, nothing else.
    """

    @functools.wraps(act)
    def quietly(*args: object, **kwargs: object) -> object:
        rests = gc.isenabled()
        gc.disable()
        try:
            return act(*args, **kwargs)
        finally:
            if rests:
                gc.enable()

    return quietly  # type: ignore[return-value]
