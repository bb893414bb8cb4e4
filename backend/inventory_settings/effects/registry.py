"""Which function counts the effects of which setting."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from backend.changes.change import Effect
from backend.inventory_settings.effects import common, cs, labels, orders, remote, stock

#: every setting's value, as it is and as it would be
Values = Mapping[str, Any]
Counted = Callable[[Session, str, Values, Values], list[Effect]]

EFFECTS: dict[str, Counted] = {
    **common.EFFECTS, **stock.EFFECTS, **orders.EFFECTS, **remote.EFFECTS, **labels.EFFECTS, **cs.EFFECTS,
}  # fmt: skip


def effects_of(session: Session, shop_id: str, key: str, before: Values, after: Values) -> list[Effect]:
    return EFFECTS[key](session, shop_id, before, after)
