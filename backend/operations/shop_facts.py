"""What every operation of a shop is decided by, read once for all of them: its OFFs, its market accounts, its used quota."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.markets.codes import Market
from backend.markets.models import MarketAccount
from backend.operations import switches
from backend.operations.models import OffSwitch, Run
from backend.operations.schedule import month_start
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.shops.models import Shop

CHANGED_SOMETHING = (RunState.DONE, RunState.REVERTED)


class ShopFacts:
    """Of one shop at one moment; good for one transaction. What was not given is read when it is asked for."""

    def __init__(
        self, session: Session, shop: Shop, now: datetime,
        holding: list[OffSwitch] | None = None, accounts: list[MarketAccount] | None = None,
    ) -> None:  # fmt: skip
        self.shop, self.now = shop, now
        self._session, self._holding, self._accounts = session, holding, accounts

    @cached_property
    def switches(self) -> list[OffSwitch]:
        return switches.active(self._session, self.shop.id, self.now) if self._holding is None else self._holding

    @cached_property
    def accounts(self) -> list[MarketAccount]:
        """By market."""
        if self._accounts is not None:
            return self._accounts
        query = select(MarketAccount).where(MarketAccount.shop_id == self.shop.id).order_by(MarketAccount.market)
        return list(self._session.scalars(query))

    def account(self, market: Market) -> MarketAccount | None:
        return next((account for account in self.accounts if account.market is market), None)

    @cached_property
    def used(self) -> Counter[Unit]:
        """Runs of this Seoul month that changed something."""
        counted = (
            select(Run.operation, Run.market, func.count())
            .where(Run.shop_id == self.shop.id, Run.state.in_(CHANGED_SOMETHING))
            .where(Run.finished_at >= month_start(self.now), Run.finished_at < month_start(self.now, 1))
            .group_by(Run.operation, Run.market)
        )
        rows = self._session.execute(counted).tuples()
        return Counter({Unit(operation, market): count for operation, market, count in rows})


def facts_of_all(session: Session, shops: Iterable[Shop], now: datetime) -> list[ShopFacts]:
    """The same for many shops, in as many queries as for one."""
    holding: dict[str, list[OffSwitch]] = defaultdict(list)
    query = select(OffSwitch).where(
        OffSwitch.lifted_at.is_(None), or_(OffSwitch.until.is_(None), OffSwitch.until > now)
    )
    for switch in session.scalars(query.order_by(OffSwitch.set_at, OffSwitch.id)):
        holding[switch.shop_id].append(switch)
    accounts: dict[str, list[MarketAccount]] = defaultdict(list)
    for account in session.scalars(select(MarketAccount).order_by(MarketAccount.shop_id, MarketAccount.market)):
        accounts[account.shop_id].append(account)
    return [ShopFacts(session, shop, now, holding[shop.id], accounts[shop.id]) for shop in shops]
