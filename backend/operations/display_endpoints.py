"""GET how the main page would be arranged next, with the reason for every product."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.display.service import group_named
from backend.kit import clock
from backend.openapi import problems
from backend.operations import gate
from backend.operations.catalogue.loader import operation_named
from backend.operations.catalogue.main_display.arrange import Arrangement, Placed
from backend.operations.catalogue.main_display.operation import next_arrangement
from backend.operations.schemas import NextGroupOut, NextSlotOut, UpcomingOut
from backend.operations.scope import Unit
from backend.operations.shop_facts import ShopFacts
from backend.operations.upcoming import next_of
from backend.shops.models import Shop

router = APIRouter(prefix="/display", tags=["display"], route_class=InOneStep)


@router.get("/next", responses=problems(404))
def read_next_display(
    actor: MemberActor, session: ReadSession, group: Annotated[str | None, Query(max_length=60)] = None
) -> list[NextGroupOut]:
    """As things stand now; the run looks again when it starts. `group`: id, Cafe24 number or name."""
    actor.require(Permission.SHOP_READ)
    shop, now, unit = session.get_one(Shop, actor.shop_id), clock.now(), Unit("main_display", None)
    only = group_named(session, shop.id, group).id if group else None
    facts = ShopFacts.of_all_units(session, shop, now)
    decided = gate.decide(session, shop, unit, now, facts=facts)
    blocked = next((code for code in decided.blockers if code not in gate.PASSING), None)
    upcoming = next_of(session, facts, unit)
    arranged = next_arrangement(session, shop, now, operation_named("main_display").config)
    return [_group(made, upcoming, blocked) for made in arranged if only in (None, made.group.id)]


def _group(made: Arrangement, upcoming: UpcomingOut | None, blocked: str | None) -> NextGroupOut:
    return NextGroupOut(
        id=made.group.id, number=made.group.number, name=made.group.name, automatic=made.group.automatic,
        changes=sum(placed.changed for placed in made.placed), gain_percent=made.gain_percent,
        at=upcoming.at if upcoming else None, announced=upcoming.announced if upcoming else False,
        blocked_by=blocked, slots=[_slot(placed) for placed in made.placed],
    )  # fmt: skip


def _slot(placed: Placed) -> NextSlotOut:
    after, before = placed.after, placed.before
    return NextSlotOut(
        position=placed.slot.position, product_id=after.id if after else None, code=after.code if after else None,
        name=after.name if after else None, pinned=placed.slot.pinned, changed=placed.changed,
        before_id=before.id if before else None, before=before.name if before else None,
        reason=placed.reason, evidence=placed.evidence,
    )  # fmt: skip
