"""What every automated operation is: a folder of the catalogue with `operation.yml` and `operation.py`.

`operation.py` exposes two pure functions, read by the preview, the gate and the run alike:

    diagnose(session, shop, market, now, config) -> list[Finding]           what could be better, with evidence
    plan(session, shop, market, findings, now, config) -> RunPlan           exactly what would be written

and may expose

    Rules                                                                   pydantic model that checks `rules` at load
    prepare(market, changes, config) -> list[Change] | None                 makes files the changes point to
    when_off(session, shop_id) -> tuple[list[Change], list[Effect]]         what an OFF means for what it made so far
    when_on(session, shop_id) -> list[Effect]                               what a later ON does not bring back

None of them writes to the database. `prepare` runs after the computing and before the transaction that applies; whatever
it makes under a name is always the same, and it returns the changes whose files could be made, or None for all of them.
Applying and putting back are the same for all operations (backend/changes, plans/undo).
`market` is None for an operation that is not bound to markets. A creation may use the sentinels of
backend/changes/sentinels.py (`$source_id` is the id of the run).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from backend.changes.change import Change, Effect
from backend.markets.codes import Market
from backend.shops.models import Shop
from backend.shops.required import SetupKey


class Area(StrEnum):
    PRODUCT = "product"
    CONTENT = "content"
    PROMOTION_CRM = "promotion_crm"
    CS = "cs"
    MARKET = "market"


class OperationConfig(BaseModel):
    """`operation.yml`, checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    area: Area
    order: int = Field(description="place in lists; lower comes first")
    markets: tuple[Market, ...] = Field((), description="empty: not bound to markets; it acts on the own mall")
    interval_days: int = Field(ge=1)
    hour: int = Field(ge=0, le=23, description="Asia/Seoul hour at which a run starts")
    announce_hours: int = Field(0, ge=0, description="a notice goes out this long before; 0: none")
    monthly_quota: int = Field(ge=1, description="runs a month on one market (or in the mall) that changed something")
    required: tuple[SetupKey, ...] = Field(description="settings without which it does not run")
    required_any: tuple[SetupKey, ...] = Field((), description="of these, one is enough; the first is asked for")
    uses_quota: bool = Field(
        True, description="its runs count against the shop's monthly runs; its own quota holds anyway"
    )
    per_run_limit: int = Field(0, ge=0, description="things changed in one run at most; 0: no limit")
    look_again: bool = Field(
        False,
        description="its changes rest on more than the fields they write (caps, pins): planned again under the lock",
    )
    rules: dict[str, Any] = Field(default_factory=dict, description="the operation's own numbers")

    @property
    def asks_for(self) -> tuple[SetupKey, ...]:
        """Every setting it can make use of to run."""
        return self.required + self.required_any


@dataclass(frozen=True)
class Finding:
    """One thing that could be better; `evidence` is JSON with the numbers a template speaks."""

    code: str
    target_type: str
    target_id: str
    label: str
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RunPlan:
    """`rule` is {"code": …, numbers}: the rule that made PRO act, kept with the run."""

    changes: list[Change]
    rule: dict[str, Any]


Diagnose = Callable[[Session, Shop, Market | None, datetime, OperationConfig], list[Finding]]
MakePlan = Callable[[Session, Shop, Market | None, list[Finding], datetime, OperationConfig], RunPlan]
Prepare = Callable[[Market | None, Sequence[Change], OperationConfig], list[Change] | None]
WhenOff = Callable[[Session, str], tuple[list[Change], list[Effect]]]
WhenOn = Callable[[Session, str], list[Effect]]


@dataclass(frozen=True)
class Operation:
    config: OperationConfig
    diagnose: Diagnose
    plan: MakePlan
    prepare: Prepare | None = None
    when_off: WhenOff | None = None
    when_on: WhenOn | None = None

    @property
    def key(self) -> str:
        return self.config.key

    @property
    def units(self) -> tuple[Market | None, ...]:
        """The markets it runs on one by one; (None,) when it is not bound to markets."""
        return self.config.markets or (None,)


def place(market: Market | None) -> Market:
    """Where a run acts: an operation without a market acts on the own mall."""
    return market or Market.MALL
