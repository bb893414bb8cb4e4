"""Which tests show that a setting changes behaviour; `test_every_setting` asks for one of each."""

from collections.abc import Callable
from typing import Any

SHOWN: dict[str, list[str]] = {}


def differs_by(*keys: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The test fails unless something that people see differs with these settings."""

    def noted(test: Callable[..., Any]) -> Callable[..., Any]:
        for key in keys:
            SHOWN.setdefault(key, []).append(test.__name__)
        return test

    return noted
