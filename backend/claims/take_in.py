"""Claims as the markets tell them: once, in whatever order they come, and kept for later where their order is not here yet."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend.claims.market_state import carry_out, follow
from backend.claims.models import Claim, EarlyClaim
from backend.db.locks import take_turn
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.orders.collected import CollectedClaim
from backend.orders.models import Order, OrderLine
from backend.orders.states import ClaimKind, ClaimState, Fulfilment

_KEPT_AT_ONCE = 500


def take_in_claims(session: Session, shop_id: str, claims: Sequence[CollectedClaim]) -> int:
    """How many claims are new or changed. An older telling than the one we know changes nothing; the same one neither.

    What came before its order is tried again with every call. Never commits.
    """
    take_turn(session, [shop_id])
    early = {row.market_key: row for row in _early(session, shop_id)}
    told: dict[str, CollectedClaim] = {key: _read(row.told) for key, row in early.items()}
    taken = 0
    for claim in claims:
        known = told.get(_key(claim))
        if known is None or not _is_older(claim.changed_at, known.changed_at):
            told[_key(claim)] = claim
    for key, claim in sorted(told.items(), key=lambda pair: (pair[1].requested_at, pair[0])):
        lines = _lines(session, shop_id, claim)
        if not lines:
            _keep(session, shop_id, key, claim, early.get(key))
            continue
        if row := early.get(key):
            session.delete(row)
        taken += _take(session, shop_id, key, claim, lines)
    session.flush()
    return taken


def _take(session: Session, shop_id: str, key: str, told: CollectedClaim, lines: list[OrderLine]) -> int:
    """A line that was split is one line to its market: the claim goes over its parts."""
    query = select(Claim).where(
        Claim.shop_id == shop_id, or_(Claim.market_key == key, Claim.market_key.startswith(f"{key}#", autoescape=True))
    )
    known = list(session.scalars(query.order_by(Claim.market_key)))
    if known:
        return sum([_told_again(session, claim, told) for claim in known])
    left, made = told.quantity, 0
    fits = sorted(lines, key=lambda line: (line.open_quantity == 0, _is_sent(line), line.id))
    for number, line in enumerate(fits):
        last = number == len(fits) - 1
        take = left if last else min(left, line.open_quantity)
        if take <= 0:
            continue
        _file(session, shop_id, key if made == 0 else f"{key}#{made + 1}", told, line, take)
        left, made = left - take, made + 1
    return made


def _file(session: Session, shop_id: str, key: str, told: CollectedClaim, line: OrderLine, quantity: int) -> None:
    claim = Claim(
        id=new_id("clm"), shop_id=shop_id, order_id=line.order_id, line_id=line.id, kind=told.kind,
        state=ClaimState.REQUESTED, quantity=quantity, reason=(told.reason or None) and told.reason[:200], by="buyer",
        after_shipping=_is_sent(line) or told.kind is ClaimKind.RETURN, raw_code=told.raw_code, market_key=key,
        told_at=told.changed_at, exchange_option=(told.exchange_option or None) and told.exchange_option[:200],
        requested_at=told.requested_at,
    )  # fmt: skip
    session.add(claim)
    session.flush()
    carry_out(session, claim, line, told.state)


def _told_again(session: Session, claim: Claim, told: CollectedClaim) -> bool:
    if _is_older(told.changed_at, claim.told_at):
        return False
    same = claim.raw_code == told.raw_code and claim.told_at == told.changed_at
    if told.changed_at is not None:
        claim.told_at = told.changed_at
    if same:
        return False
    line = session.get_one(OrderLine, claim.line_id)
    claim.raw_code = told.raw_code
    moved = follow(session, claim, line, told.state, certain=told.changed_at is not None)
    claim.version += 1
    return moved


def _lines(session: Session, shop_id: str, told: CollectedClaim) -> list[OrderLine]:
    query = (
        select(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.shop_id == shop_id, Order.market == told.market, Order.market_order_no == told.market_order_no,
            OrderLine.market_line_no == told.market_line_no, OrderLine.exchange_of.is_(None),
        )
        .order_by(OrderLine.id)
    )  # fmt: skip
    return list(session.scalars(query))


def _early(session: Session, shop_id: str) -> list[EarlyClaim]:
    query = (
        select(EarlyClaim).where(EarlyClaim.shop_id == shop_id).order_by(EarlyClaim.received_at.desc(), EarlyClaim.id)
    )
    return list(session.scalars(query.limit(_KEPT_AT_ONCE)))


def _keep(session: Session, shop_id: str, key: str, told: CollectedClaim, known: EarlyClaim | None) -> None:
    if known is None:
        known = EarlyClaim(
            id=new_id("ecl"), shop_id=shop_id, market_key=key, market_order_no=told.market_order_no, received_at=clock.now(),
            told=_written(told), told_at=told.changed_at,
        )  # fmt: skip
        session.add(known)
        return
    if known.told != _written(told):
        known.told, known.told_at = _written(told), told.changed_at


def _key(told: CollectedClaim) -> str:
    return f"{told.market.value}:{told.claim_no}:{told.market_line_no}"[:190]


def _is_older(said: datetime | None, known: datetime | None) -> bool:
    return said is not None and known is not None and said < known


def _is_sent(line: OrderLine) -> bool:
    return line.fulfilment in (Fulfilment.SHIPPED, Fulfilment.DELIVERED, Fulfilment.CONFIRMED)


def _written(told: CollectedClaim) -> dict[str, Any]:
    plain = asdict(told)
    for name in ("requested_at", "changed_at"):
        plain[name] = plain[name].isoformat() if plain[name] else None
    return plain


def _read(written: dict[str, Any]) -> CollectedClaim:
    moments = {
        name: datetime.fromisoformat(written[name]) if written[name] else None
        for name in ("requested_at", "changed_at")
    }
    told = CollectedClaim(**{**written, **moments})
    return replace(told, market=Market(told.market), kind=ClaimKind(told.kind), state=ClaimState(told.state))
