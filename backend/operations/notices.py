"""Where the engine says that something happened; other features subscribe and tell the merchant.

Codes and data: run_announced, run_done, run_failed, market_silent, market_answers, off_lifted — JSON only, the wording is the subscriber's.
A listener runs in the transaction of what it is told about; one that fails loses its own notice and nothing else.
"""

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from backend.shops.models import Shop

log = logging.getLogger(__name__)
Listener = Callable[[Session, Shop, str, dict[str, Any]], None]
listeners: list[Listener] = []


def subscribe(listener: Listener) -> Listener:
    """Usable as a decorator; subscribing twice is once."""
    if listener not in listeners:
        listeners.append(listener)
    return listener


def notify(session: Session, shop: Shop, code: str, data: dict[str, Any]) -> None:
    for listener in listeners:
        try:
            with session.begin_nested():
                listener(session, shop, code, data)
        except Exception:
            log.exception("notice %s of shop %s was not delivered", code, shop.id)
