"""Tells a shop's people in the conversation what runs low, and once a month that stock wants counting.

Each goes out once a day, whoever asks and however often; between nine in the morning and nine in the evening (source:
002; settings low_stock_reminder and stock_check_reminder).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.conversations.notices import deliver
from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.inventory.items import LOW
from backend.inventory.labels import has_label, labels
from backend.inventory.models import StockItem
from backend.inventory.reminder_models import StockReminder
from backend.inventory.states import ItemState
from backend.inventory_settings.catalogue import MonthlyReminder
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.kit.ids import new_id
from backend.kit.wording import wording

log = logging.getLogger(__name__)
FIRST_HOUR, LAST_HOUR = 9, 21
LATE = 3  # days a monthly reminder may be late when nothing ran on its day
AGAIN = 7  # days after which what still runs low is told again
SHOWN = 5
LOW_STOCK, STOCK_CHECK = "low_stock", "stock_check"


@dataclass(frozen=True)
class Notice:
    """What is told: its sentence, what the sentence needs, and the buttons under it (wording, intent)."""

    kind: str
    day: date
    items: dict[str, str]
    data: dict[str, Any]
    buttons: tuple[tuple[str, str], ...]


def remind_due() -> int:
    """How many notices went out, each in a transaction of its own."""
    now = clock.seoul(clock.now())
    if not FIRST_HOUR <= now.hour < LAST_HOUR:
        return 0
    with unit_of_work(write=False) as session:
        shops = list(session.scalars(select(StockItem.shop_id).distinct().order_by(StockItem.shop_id)))
    sent = 0
    for shop_id in shops:
        for notice_of in (_low_stock, _stock_check):
            try:
                sent += _remind(shop_id, notice_of, now)
            except IntegrityError:
                log.info("another worker reminded shop %s", shop_id)
            except Exception:
                log.exception("shop %s was not reminded", shop_id)
    return sent


def _remind(shop_id: str, notice_of: Callable[[Session, str, datetime], Notice | None], now: datetime) -> bool:
    """That it went out is written first: of two workers the second fails there, before anybody is told twice."""
    with unit_of_work(write=False) as session:  # looking takes its time: not while others wait to write
        notice = notice_of(session, shop_id, now)
    if notice is None:
        return False
    with unit_of_work() as session:
        take_turn(session, [shop_id])
        session.add(
            StockReminder(
                id=new_id("rmd"), shop_id=shop_id, kind=notice.kind, day=notice.day, at=clock.now(),
                told={"items": notice.items},
            )
        )  # fmt: skip
        session.flush()
        _tell(session, shop_id, notice)
    return True


def _low_stock(session: Session, shop_id: str, now: datetime) -> Notice | None:
    """Only when something ran low since the last time, or a week after it."""
    if not value_of(session, shop_id, "low_stock_reminder"):
        return None
    last = session.scalars(
        select(StockReminder).where(StockReminder.shop_id == shop_id, StockReminder.kind == LOW_STOCK)
        .order_by(StockReminder.day.desc()).limit(1)
    ).first()  # fmt: skip
    if last is not None and last.day == now.date():
        return None
    low = _low(session, shop_id)
    known: dict[str, str] = last.told["items"] if last is not None else {}
    new = [entry for entry in low if known.get(entry["item_id"]) != entry["label"]]
    stale = last is None or now.date() - last.day >= timedelta(days=AGAIN)
    if not low or not (new or stale):
        return None
    counts = {label.value: sum(entry["label"] == label for entry in low) for label in LOW}
    data = {"items": (new or low)[:SHOWN], "new": len(new), "counts": counts, "total": len(low)}
    told = {entry["item_id"]: entry["label"] for entry in low}
    return Notice(LOW_STOCK, now.date(), told, data, (("stock_low", "stock_low"), ("inbounds", "inbound_schedule")))


def _low(session: Session, shop_id: str) -> list[dict[str, Any]]:
    query = select(StockItem).where(
        StockItem.shop_id == shop_id, StockItem.state == ItemState.ACTIVE, or_(*(has_label(label) for label in LOW))
    )
    items = list(session.scalars(query.order_by(StockItem.stocked - StockItem.reserved, StockItem.code)))
    labelled = labels(session, shop_id, items)
    return [
        {
            "item_id": item.id, "item": item.name, "available": max(0, item.available),
            "label": labelled[item.id].value,
        }
        for item in items
    ]  # fmt: skip


def _stock_check(session: Session, shop_id: str, now: datetime) -> Notice | None:
    setting: MonthlyReminder = value_of(session, shop_id, "stock_check_reminder")
    day = date(now.year, now.month, setting.day)
    if not setting.on or not timedelta(0) <= now.date() - day <= timedelta(days=LATE):
        return None
    told = select(StockReminder.id).where(
        StockReminder.shop_id == shop_id, StockReminder.kind == STOCK_CHECK, StockReminder.day >= day.replace(day=1)
    )
    if session.scalars(told).first() is not None:
        return None
    data = {"low": len(_low(session, shop_id)), "month": now.month}
    return Notice(STOCK_CHECK, day, {}, data, (("stock_sheet", "stock_adjust"),))


def _tell(session: Session, shop_id: str, notice: Notice) -> None:
    said = wording()
    text = said.say(f"notice.{notice.kind}", **notice.data)
    shown = [{"title": said.say(f"button.{word}"), "payload": f"/{intent}"} for word, intent in notice.buttons]
    deliver(session, shop_id, [{"type": "text", "text": text}, {"type": "buttons", "buttons": shown}], text)
