"""A shop with something of everything, written and committed."""

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.shops.models import Member, Shop
from tests.contract.seeded_shop import furnish


@pytest.fixture
def ids(session: Session, shop: Shop) -> dict[str, str]:
    """Ids of things of the shop, see `furnish`; the stranger's shop is furnished too."""
    furnish(session, session.get_one(Shop, "shop_other"))
    made = furnish(session, shop)
    session.commit()
    return made


@pytest.fixture
def talking_sub(session: Session, ids: dict[str, str]) -> Actor:
    """The sub-operator in a conversation of their own."""
    return member_actor(session.get_one(Member, "mem_oneul_sub"), ids["conversation_of_sub"])


@pytest.fixture
def talking_owner(session: Session, ids: dict[str, str]) -> Actor:
    return member_actor(session.get_one(Member, "mem_oneul_owner"), ids["conversation_of_owner"])
