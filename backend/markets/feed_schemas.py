"""The wire shapes of collecting and telling."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from backend.markets.codes import Market
from backend.markets.feed_models import CollectionState, CommandKind, CommandState
from backend.markets.models import AccountState


class MarketResult(BaseModel):
    """What one market brought to a round; counts are orders, `unmatched` lines, `claims` new or changed ones.

    `error`: credentials_refused, throttled, unreachable, not_understood, waiting (its brake was on), no_gateway.
    `unreadable` names orders we could not read, `unknown_codes` codes we do not know; at most 20 each.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    excluded: int = 0
    duplicate: int = 0
    unmatched: int = 0
    claims: int = 0
    pages: int = 0
    unreadable: list[str] = []
    unknown_codes: list[str] = []
    error: str | None = None
    retry_at: datetime | None = None
    done: bool = False


class CollectionOut(BaseModel):
    """`asked_by` None: by the clock."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    state: CollectionState
    markets: list[Market]
    results: dict[Market, MarketResult]
    asked_by: str | None
    created_at: datetime
    finished_at: datetime | None

    @field_validator("results", mode="before")
    @classmethod
    def _none_yet(cls, value: Any) -> Any:
        return value or {}


class FeedOut(BaseModel):
    """`collected_at` is when its orders last came in; `waiting` and `failed` count what it is still to be told."""

    market: Market
    account_state: AccountState
    collected_at: datetime | None
    failing_since: datetime | None
    last_error: str | None
    retry_at: datetime | None
    waiting: int
    failed: int


class CommandOut(BaseModel):
    """Something a market is told; `error` in its own words."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    market: Market
    kind: CommandKind
    subject_id: str
    state: CommandState
    attempts: int
    error: str | None
    created_at: datetime
    sent_at: datetime | None
    payload: dict[str, Any]
