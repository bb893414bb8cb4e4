"""What the console shows: the queue under three views, one conversation with its shop, the requests of all shops."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.conversations.messages import page
from backend.conversations.models import Conversation, ConversationState, Message
from backend.desk import inbox
from backend.desk.models import Staff
from backend.desk.schemas import DeskConversationOut, DeskItemOut
from backend.kit import clock
from backend.kit.wording import wording
from backend.markets.models import AccountState
from backend.markets.schemas import MarketOut
from backend.markets.service import markets_of
from backend.operations import switches
from backend.operations.history import RunFilter, find_runs
from backend.operations.models import Run
from backend.operations.states import WAITING
from backend.shops import setup
from backend.shops.models import Shop
from backend.work_requests.advance import possible_steps
from backend.work_requests.models import WorkRequest
from backend.work_requests.read import request_detail
from backend.work_requests.schemas import WorkRequestDetail
from backend.work_requests.service import queue, requests_of
from backend.work_requests.states import CLOSED, OPEN_STATES, RequestState

THREAD = 100


class View(StrEnum):
    """waiting: nobody took it · mine: this person's · all: every conversation, the bot's too."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True)
class QueueRow:
    """`intents` are what the person last wanted, newest first; `said` their last words the summary kept."""

    item: DeskItemOut
    intents: list[str]
    said: str | None


@dataclass(frozen=True)
class Queue:
    rows: list[QueueRow]
    waiting: int
    mine: int


def queue_page(session: Session, staff: Staff, view: View) -> Queue:
    with_us = inbox.items(session)
    waiting = [item for item in with_us if item.agent is None and item.state is ConversationState.OPEN]
    mine = [item for item in with_us if item.agent and item.agent.id == staff.id]
    shown = {View.WAITING: waiting, View.MINE: mine}.get(view)
    if shown is None:
        shown = inbox.items(session, list(ConversationState))
    found = select(Conversation.id, Conversation.summary).where(Conversation.id.in_([item.id for item in shown]))
    summaries = {row_id: summary or {} for row_id, summary in session.execute(found)}
    rows = [QueueRow(item, _intents(summaries[item.id])[:2], _said(summaries[item.id])) for item in shown]
    return Queue(rows, len(waiting), len(mine))


def _intents(summary: dict[str, Any]) -> list[str]:
    """What was wanted, newest first; a yes or a no is no wish of its own and has no name."""
    latest_first = dict.fromkeys(reversed(summary.get("intents", [])))
    return [key for key in latest_first if wording().name("intent", key) != key]


def _said(summary: dict[str, Any]) -> str | None:
    return next((m["text"] for m in reversed(summary.get("messages", [])) if m["author"] == "member"), None)


@dataclass(frozen=True)
class ShopFacts:
    shop: Shop
    missing: list[setup.SetupItem]
    off: list[dict[str, Any]]
    requests: list[WorkRequest]
    runs: list[Run]
    broken_markets: list[MarketOut]


@dataclass(frozen=True)
class ConversationPage:
    """`intents` as in `QueueRow`, more of them; `said` are the person's last words before the summary, oldest first."""

    conversation: DeskConversationOut
    intents: list[str]
    said: list[str]
    messages: list[Message]
    has_more: bool
    facts: ShopFacts


def conversation_page(session: Session, conversation_id: str, before: int | None) -> ConversationPage:
    """Raises NotFound `conversation_not_found`."""
    conversation = inbox.whole(session, conversation_id)
    messages, more = page(session, conversation_id, None, before, THREAD)
    summary = conversation.summary or {}
    said = [m["text"] for m in summary.get("messages", []) if m["author"] == "member"]
    return ConversationPage(
        conversation, _intents(summary)[:4], said[-3:], messages, more, shop_facts(session, conversation.shop.id)
    )


def shop_facts(session: Session, shop_id: str) -> ShopFacts:
    shop = session.get_one(Shop, shop_id)
    runs = [run for run in find_runs(session, shop_id, RunFilter(), 5, 0)[0] if run.state not in WAITING]
    broken = {AccountState.EXPIRED, AccountState.UNREACHABLE}
    return ShopFacts(
        shop,
        [item for item in setup.check_all(session, shop) if not item.done],
        [switches.described(switch) for switch in switches.standing(session, shop_id, clock.now())],
        [request for request in requests_of(session, shop_id) if request.state in OPEN_STATES],
        runs,
        [market for market in markets_of(session, shop_id) if market.state in broken],
    )


@dataclass(frozen=True)
class RequestRow:
    shop: Shop
    request: WorkRequestDetail
    steps: list[RequestState]


def requests_page(session: Session, closed: bool) -> list[RequestRow]:
    """Open ones in the order they came in; closed ones latest first."""
    if closed:
        found = queue(session, CLOSED)
        found.reverse()
    else:
        found = queue(session)
    shops = {shop.id: shop for shop in session.scalars(select(Shop))}
    return [
        RequestRow(shops[row.shop_id], request_detail(session, row), possible_steps(row.state)) for row in found[:60]
    ]
