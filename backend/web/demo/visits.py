"""Who looks at which demo mall: the mall from the address, the person from a cookie. Nobody signs in to the demo."""

from dataclasses import dataclass
from enum import StrEnum

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.errors import NotFound
from backend.shops.models import Member, Shop

MALL_COOKIE, PERSON_COOKIE = "demo_mall", "demo_as"
MALLS_SHOWN = 5


class Person(StrEnum):
    """The `external_id` of the two people each demo shop has."""

    OWNER = "owner"
    SUB = "sub"


@dataclass(frozen=True)
class Visit:
    """`malls` are the oldest few, and this one: what the bar at the top has room for."""

    shop: Shop
    member: Member
    person: Person
    malls: list[Shop]

    @property
    def actor(self) -> Actor:
        return member_actor(self.member)

    @property
    def root(self) -> str:
        return f"/demo/{self.shop.mall_id}"


def visit(session: Session, request: Request, mall: str) -> Visit:
    """Raises NotFound `mall_not_found`."""
    malls = list(session.scalars(select(Shop).order_by(Shop.created_at, Shop.id)))
    shop = next((shop for shop in malls if shop.mall_id == mall), None)
    if shop is None:
        raise NotFound("no such mall", code="mall_not_found", mall=mall)
    person = person_of(request)
    shown = [mall for at, mall in enumerate(malls) if at < MALLS_SHOWN or mall is shop]
    return Visit(shop, member_of(session, shop, person), person, shown)


def person_of(request: Request) -> Person:
    try:
        return Person(request.cookies.get(PERSON_COOKIE, Person.OWNER))
    except ValueError:
        return Person.OWNER


def member_of(session: Session, shop: Shop, person: Person) -> Member:
    member = session.scalar(select(Member).where(Member.shop_id == shop.id, Member.external_id == person.value))
    if member is None:
        raise NotFound("the shop has no such person", code="not_found")
    return member
