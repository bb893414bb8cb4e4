"""What must be done at once when a setting changed, so that what is there agrees with it.

Everything else is asked of the setting when it is needed. Each runs in the transaction of the change, and again, with the
value of before, when the change is undone.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory_settings.marking import mark_again

Consequence = Callable[[Session, Actor], object]


def _mark_remote_areas(session: Session, actor: Actor) -> None:
    mark_again(session, actor.shop_id)


CONSEQUENCES: dict[str, Consequence] = {
    "remote_area_marking": _mark_remote_areas,
    "remote_areas": _mark_remote_areas,
}


def follow(session: Session, actor: Actor, key: str) -> None:
    done = CONSEQUENCES.get(key)
    if done is not None:
        session.flush()
        done(session, actor)
