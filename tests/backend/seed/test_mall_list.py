"""The demo shops have something to read anew from their mall, and nothing of it is taken away."""

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import member_actor
from backend.plans import service
from backend.seed.description import SHOPS
from backend.seed.mall_list import NEW_PERSON, NEW_SUPPLIER
from backend.shops.models import Member


@pytest.mark.parametrize("mall_id", SHOPS)
def test_a_refresh_brings_what_the_mall_has_and_we_do_not(session: Session, mall_id: str) -> None:
    owner = member_actor(session.get_one(Member, f"mem_{mall_id}_owner"))
    plan = service.preview(session, owner, "accounts.refresh", {})
    told = {kind["kind"]: kind for kind in plan.effects[0]["data"]["kinds"]}
    assert NEW_SUPPLIER in told["supplier"]["new"]
    assert NEW_PERSON in told["member"]["new"]
    assert told["courier"]["changed"]
    assert not any(kind["gone"] for kind in told.values())
