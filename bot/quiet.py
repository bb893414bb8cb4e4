"""A start without chatter and without idle threads: environment switches and warning filters for Rasa's old dependencies."""

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
    # a sentence is too little work to share: the numeric library's helper threads only spin and take the other core
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
_NOISE = (
    # the intent model answers retrieval intents itself
    r".*does not include a response selector.*",
    r".*data for training a response selector.*",
    r".*data contains an example .* You either need to add a response phrase.*",
    r".*'utter_faq' is listed as a response action.*",
    # Rasa adds `faq` to the domain a second time for its answers
    r".*duplicated intents have been found.*: faq.*",
    r".*Slot auto-fill has been removed.*",
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


def settle() -> None:
    """Call after Rasa is imported: its structured log prints every debug event until a level is set."""
    from rasa.utils.log_utils import configure_structlog

    level = logging.getLevelName(os.environ["LOG_LEVEL"])
    logging.getLogger("rasa").setLevel(level)
    configure_structlog(level)
