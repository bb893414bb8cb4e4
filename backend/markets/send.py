"""Tells the markets what the outbox holds: once each, in order for each subject, until it arrives or is refused.

A command is claimed by a conditional UPDATE, told outside any transaction, and settled. Whoever finds one that was begun
before asks the market first whether it shows it already: a worker killed after the market said yes, or an answer lost on
the way, makes no second parcel.
"""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from backend.audit.record import Source
from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.kit import clock
from backend.markets import brake, listed, refused_notice
from backend.markets.codes import Market
from backend.markets.feed_models import CommandKind, CommandState, MarketCommand, MarketFeed
from backend.markets.gateway.contract import Command, GatewayError, MarketGateway, Refused, Sent, Throttled, Told
from backend.markets.gateway.registry import gateway_for, has_gateway
from backend.markets.linked import linked
from backend.markets.outbox import LATEST_COUNTS
from backend.markets.words import command_of
from backend.shops.models import Shop

LEASE = timedelta(minutes=2)
AT_ONCE = 60  # of one round: parcels never wait for a long line of stock numbers
MOST_ATTEMPTS = 12  # without an answer, over some hours
SHORTEST, LONGEST = timedelta(seconds=15), timedelta(minutes=30)
S = CommandState
Place = tuple[str, Market]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claimed:
    id: str
    shop_id: str
    market: Market
    command: Command
    attempts: int
    fence: int


@dataclass
class Sender:
    """The connections of one round, and the markets it leaves alone for the rest of it."""

    at: Callable[[str], None]
    closing: ExitStack
    gateways: dict[Place, MarketGateway | None] = field(default_factory=dict)
    resting: set[Place] = field(default_factory=set)

    def gateway(self, place: Place) -> MarketGateway | None:
        if place not in self.gateways:
            self.gateways[place] = made = _open(*place)
            if made is not None:
                self.closing.callback(made.close)
        return self.gateways[place]


def _no_step(name: str) -> None:
    """Tests stop a worker here: claimed, told, settled."""


def send_due(at: Callable[[str], None] = _no_step) -> Counter[str]:
    """How many came to which state. Several workers at once share the work."""
    done: Counter[str] = Counter()
    with ExitStack() as closing:
        sender = Sender(at, closing)
        with unit_of_work(write=False) as session:
            ids = due(session)
        for command_id, shop_id, market in ids:
            place = (shop_id, market)
            if place in sender.resting or (sender.gateway(place) is None and has_gateway(market)):
                continue
            with unit_of_work() as session:
                claimed = _claim(session, command_id)
            if claimed is None:
                continue
            at("claimed")
            state = _carry_out(sender, claimed)
            if state is not None:
                done[state.value] += 1
    return done


def due(session: Session) -> list[tuple[str, str, Market]]:
    """Those whose time has come and whose worker was lost, orders' before goods', oldest first; not where an earlier word about the same thing
    has still to be said, and not where the market's brake is on."""
    now, earlier = clock.now(), aliased(MarketCommand)
    ready = or_(
        and_(MarketCommand.state == S.QUEUED, MarketCommand.not_before <= now),
        and_(MarketCommand.state == S.SENDING, MarketCommand.lease_until <= now),
    )
    first = ~exists().where(
        earlier.shop_id == MarketCommand.shop_id, earlier.market == MarketCommand.market,
        earlier.subject_id == MarketCommand.subject_id, earlier.state.in_((S.QUEUED, S.SENDING)),
        or_(earlier.created_at < MarketCommand.created_at,
            and_(earlier.created_at == MarketCommand.created_at, earlier.id < MarketCommand.id)),
    )  # fmt: skip
    free = ~exists().where(
        MarketFeed.shop_id == MarketCommand.shop_id,
        MarketFeed.market == MarketCommand.market,
        MarketFeed.retry_at > now,
    )
    query = (
        select(MarketCommand.id, MarketCommand.shop_id, MarketCommand.market)
        .where(ready, first, free)
        .order_by(MarketCommand.kind.in_(tuple(LATEST_COUNTS)), MarketCommand.created_at, MarketCommand.id)
        .limit(AT_ONCE)
    )
    return list(session.execute(query).tuples())


def _open(shop_id: str, market: Market) -> MarketGateway | None:
    with unit_of_work(write=False) as session:
        places = linked(session, session.get_one(Shop, shop_id))
    place = next((one for one in places if one.market is market), None)
    return gateway_for(shop_id, market, place.seller) if place else None


def _claim(session: Session, command_id: str) -> Claimed | None:
    now = clock.now()
    claimed = session.execute(
        update(MarketCommand)
        .where(
            MarketCommand.id == command_id,
            or_(
                and_(MarketCommand.state == S.QUEUED, MarketCommand.not_before <= now),
                and_(MarketCommand.state == S.SENDING, MarketCommand.lease_until <= now),
            ),
        )
        .values(
            state=S.SENDING,
            lease_until=now + LEASE,
            attempts=MarketCommand.attempts + 1,
            version=MarketCommand.version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return None
    row = session.get_one(MarketCommand, command_id, populate_existing=True)
    if row.kind is CommandKind.LISTING:
        listed.refresh(session, row)
    return Claimed(row.id, row.shop_id, row.market, command_of(row), row.attempts, row.version)


def _carry_out(sender: Sender, claimed: Claimed) -> CommandState | None:
    gateway = sender.gateway((claimed.shop_id, claimed.market))
    if gateway is None:
        return _settle(claimed, Refused("no_gateway"))
    try:
        told = _tell(gateway, claimed)
    except GatewayError as why:
        sender.resting.add((claimed.shop_id, claimed.market))
        return _put_off(claimed, why)
    except (KeyError, TypeError, ValueError) as error:  # what was written into the outbox is not what a market needs
        log.exception("command %s cannot be told", claimed.id)
        told = Refused(f"not_understood: {error!r}")
    sender.at("told")
    state = _settle(claimed, told)
    sender.at("settled")
    return state


def _tell(gateway: MarketGateway, claimed: Claimed) -> Told:
    if claimed.attempts > 1 and gateway.holds(claimed.command):
        return Sent(before=True)
    told = gateway.tell(claimed.command)
    if isinstance(told, Refused) and gateway.holds(claimed.command):
        return Sent(before=True)  # it says no because it is so already
    return told


def _settle(claimed: Claimed, told: Told) -> CommandState | None:
    """None when another worker took it over: it will have asked the market itself."""
    sent, now = isinstance(told, Sent), clock.now()
    with unit_of_work() as session:
        take_turn(session, [claimed.shop_id])
        row = _still_ours(session, claimed)
        if row is None:
            return None
        row.state, row.lease_until, row.not_before = S.SENT if sent else S.FAILED, None, now
        row.sent_at, row.error = (now, None) if sent else (None, told.reason)  # type: ignore[union-attr]
        if isinstance(told, Sent) and row.kind is CommandKind.LISTING:
            listed.answered(session, row, told)
        if not sent:
            session.flush()
            refused_notice.tell(session, row)
        return row.state


def _put_off(claimed: Claimed, why: GatewayError) -> CommandState | None:
    """Later, with the whole market; one that nobody answers for hours is given up and told of."""
    now = clock.now()
    with unit_of_work() as session:
        row = _still_ours(session, claimed)
        if row is None:
            return None
        retry_at = brake.stop(session, row.shop_id, row.market, why, Source("market_command", row.id, why.code))
        row.lease_until, row.error = None, why.code
        if not isinstance(why, Throttled) and row.attempts % MOST_ATTEMPTS == 0:
            row.state, row.not_before = S.FAILED, now
            session.flush()
            refused_notice.tell(session, row)
        elif row.kind in LATEST_COUNTS and _is_outdated(session, row):
            row.state = S.REPLACED
        else:
            row.state = S.QUEUED
            row.not_before = max(retry_at, now + min(SHORTEST * 2 ** min(row.attempts, 10), LONGEST))
            if isinstance(why, Throttled):
                row.not_before = retry_at
        return row.state


def _still_ours(session: Session, claimed: Claimed) -> MarketCommand | None:
    held = session.execute(
        update(MarketCommand)
        .where(MarketCommand.id == claimed.id, MarketCommand.state == S.SENDING, MarketCommand.version == claimed.fence)
        .values(version=MarketCommand.version + 1)
        .execution_options(synchronize_session=False)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        return None
    return session.get_one(MarketCommand, claimed.id, populate_existing=True)


def _is_outdated(session: Session, row: MarketCommand) -> bool:
    query = select(MarketCommand.id).where(
        MarketCommand.shop_id == row.shop_id, MarketCommand.market == row.market, MarketCommand.kind == row.kind,
        MarketCommand.subject_id == row.subject_id, MarketCommand.state == S.QUEUED, MarketCommand.id != row.id,
    )  # fmt: skip
    return session.scalars(query.limit(1)).first() is not None
