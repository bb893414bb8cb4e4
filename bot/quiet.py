"""A start without chatter: environment switches and warning filters for Rasa's old dependencies."""
from __future__ import annotations

import logging
import os
import re
import warnings
from typing import Any

_SWITCHES = {
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
}
_NOISE = (
    # the intent model answers retrieval intents itself
    r".*does not include a response selector.*",
    r".*data for training a response selector.*",
    # the market and operation names are looked up, not learnt
    r".*no entity examples.*",
)


_AGEING = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)


def switch() -> None:
    """Call before Rasa is imported; a switch already set by the operator stays."""
    for name, value in _SWITCHES.items():
        os.environ.setdefault(name, value)
    show = warnings.showwarning

    def show_what_matters(message: Any, category: type[Warning], *args: Any, **kwargs: Any) -> None:
        # a filter would not do: sanic resets the filters while it is imported
        if not issubclass(category, _AGEING) and not any(re.match(noise, str(message), re.DOTALL) for noise in _NOISE):
            show(message, category, *args, **kwargs)

    warnings.showwarning = show_what_matters
    for name in ("sanic.root", "sanic.access", "apscheduler", "matplotlib", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
