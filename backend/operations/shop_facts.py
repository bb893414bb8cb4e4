"""What every operation of a shop is decided by, read once for all of them: its OFFs, its market accounts, its used quota."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Self

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.models import MarketAccount
from backend.operations.contract import OperationConfig
from backend.operations.models import OffSwitch, Run
from backend.operations.schedule import month_start
from backend.operations.scope import Unit
from backend.operations.shop_runs import ShopRuns
from backend.operations.states import RunState
from backend.shops import setup
from backend.shops.models import Shop
from backend.shops.required import SetupKey
from backend.shops.setup import SetupItem

# asked for every run of every shop: built once
_STANDING_AT = (
    select(OffSwitch)
    .where(OffSwitch.lifted_at.is_(None), or_(OffSwitch.until.is_(None), OffSwitch.until > bindparam("now")))
    .order_by(OffSwitch.set_at, OffSwitch.id)
)
_STANDING = _STANDING_AT.where(OffSwitch.shop_id == bindparam("shop_id"))
_ACCOUNTS = select(MarketAccount).where(MarketAccount.shop_id == bindparam("shop_id")).order_by(MarketAccount.market)
_USED = (
    select(Run.operation, Run.market, func.count())
    .where(Run.shop_id == bindparam("shop_id"), Run.state.in_((RunState.DONE, RunState.REVERTED)))
    .where(Run.finished_at >= bindparam("since"), Run.finished_at < bindparam("until"))
    .group_by(Run.operation, Run.market)
)


class ShopFacts:
    """Of one shop at one moment; good for one transaction. What was not given is read when it is asked for."""

    def __init__(
        self, session: Session, shop: Shop, now: datetime,
        standing: list[OffSwitch] | None = None, accounts: list[MarketAccount] | None = None,
        runs: ShopRuns | None = None,
    ) -> None:  # fmt: skip
        self.shop, self.now, self.runs = shop, now, runs
        self._session, self._standing, self._accounts = session, standing, accounts
        self._missing: dict[tuple[object, ...], list[SetupItem]] = {}

    @classmethod
    def of_all_units(cls, session: Session, shop: Shop, now: datetime) -> Self:
        """For an answer about many units, in which nothing is written: their runs are read together, too."""
        return cls(session, shop, now, runs=ShopRuns(session, shop.id))

    @cached_property
    def switches(self) -> list[OffSwitch]:
        """As `switches.standing`: those that hold now and those that begin later."""
        if self._standing is not None:
            return self._standing
        return list(self._session.scalars(_STANDING, {"shop_id": self.shop.id, "now": self.now}))

    @cached_property
    def accounts(self) -> list[MarketAccount]:
        """By market."""
        if self._accounts is not None:
            return self._accounts
        return list(self._session.scalars(_ACCOUNTS, {"shop_id": self.shop.id}))

    def account(self, market: Market) -> MarketAccount | None:
        return next((account for account in self.accounts if account.market is market), None)

    def missing(self, config: OperationConfig, where: Market) -> list[SetupItem]:
        """Required settings that are not done there; of those of which one is enough, the first. Told apart by nothing else."""
        wanted = (config.required, config.required_any, where)
        if wanted not in self._missing:
            items = [self._item(key, where) for key in config.required]
            found = [item for item in items if not item.done]
            either = [self._item(key, where) for key in config.required_any]
            if either and not any(item.done for item in either):
                found.append(either[0])
            self._missing[wanted] = found
        return self._missing[wanted]

    def _item(self, key: SetupKey, where: Market) -> SetupItem:
        return setup.check(
            self._session, self.shop, key, where, self.accounts if key is SetupKey.MARKET_ACCOUNT else ()
        )

    @cached_property
    def used(self) -> Counter[Unit]:
        """Runs of this Seoul month that changed something."""
        rows = self._session.execute(_USED, {
            "shop_id": self.shop.id, "since": month_start(self.now), "until": month_start(self.now, 1),
        }).tuples()  # fmt: skip
        return Counter({Unit(operation, market): count for operation, market, count in rows})


def facts_of_all(session: Session, shops: Iterable[Shop], now: datetime) -> list[ShopFacts]:
    """The same for many shops, in as many queries as for one."""
    standing: dict[str, list[OffSwitch]] = defaultdict(list)
    for switch in session.scalars(_STANDING_AT, {"now": now}):
        standing[switch.shop_id].append(switch)
    accounts: dict[str, list[MarketAccount]] = defaultdict(list)
    for account in session.scalars(select(MarketAccount).order_by(MarketAccount.shop_id, MarketAccount.market)):
        accounts[account.shop_id].append(account)
    return [ShopFacts(session, shop, now, standing[shop.id], accounts[shop.id]) for shop in shops]
