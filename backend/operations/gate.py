"""May this operation run now, and if not, why: one ordered, complete check that decides runs and answers the merchant."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.kit import clock
from backend.operations import checks_run, checks_shop
from backend.operations.catalogue.loader import operations
from backend.operations.checks import Case, Check, Computed
from backend.operations.looking import looking
from backend.operations.models import Run, open_key
from backend.operations.scope import Unit
from backend.operations.shop_facts import ShopFacts
from backend.operations.states import RunState
from backend.shops.models import Shop

ORDER: tuple[Callable[[Case], Check], ...] = (
    checks_shop.service_not_active,
    checks_shop.switched_off,
    checks_shop.paused,
    checks_shop.setup_missing,
    checks_shop.quota_used,
    checks_run.not_due,
    checks_run.nothing_to_improve,
    checks_run.market_unreachable,
    checks_run.credentials_expired,
    checks_run.last_run_failed,
)
# of these, what no run and no time passes by; a market that does not answer is tried, a used quota is waited for
STANDING = (
    checks_shop.service_not_active, checks_shop.switched_off, checks_shop.paused, checks_shop.setup_missing,
    checks_run.credentials_expired,
)  # fmt: skip
READY = "ready"
# these pass by themselves with time or with other products; the rest needs somebody to act
PASSING = frozenset({"not_due", "nothing_to_improve", "last_run_failed"})
_STATES = {
    "service_not_active": "inactive", "switched_off": "off", "paused": "paused",
    "not_due": "waiting", "nothing_to_improve": "idle",
}  # fmt: skip


@dataclass(frozen=True)
class Gate:
    unit: Unit
    checks: tuple[Check, ...]
    run: Run | None
    computed: Computed | None = None

    @property
    def blockers(self) -> list[str]:
        return [check.code for check in self.checks if check.holds]

    @property
    def verdict(self) -> str:
        return next(iter(self.blockers), READY)

    @property
    def state(self) -> str:
        """running | waiting | off | paused | inactive | blocked | idle."""
        if self.run and self.run.state is RunState.RUNNING:
            return "running"
        return "waiting" if self.verdict == READY else _STATES.get(self.verdict, "blocked")

    def as_json(self) -> dict[str, Any]:
        return {
            **self.unit.as_json(), "verdict": self.verdict, "state": self.state, "blockers": self.blockers,
            "checks": [asdict(check) for check in self.checks],
        }  # fmt: skip


def decide(
    session: Session, shop: Shop, unit: Unit, now: datetime,
    *, run: Run | None = None, computed: Computed | None = None, look: bool = False,
    facts: ShopFacts | None = None, explain: bool = True, off_at: datetime | None = None,
) -> Gate:  # fmt: skip
    """`run` defaults to the unit's open run. With `look` the shop is diagnosed when nothing was `computed` yet.

    `facts` are shared between the units of a shop; without `explain` the checks decide the same and tell less.
    `off_at` is when the OFFs are asked, for a run that is decided ahead of its start; else now.
    """
    operation = operations()[unit.operation]
    facts = facts or ShopFacts(session, shop, now)
    case = Case(session, shop, unit, operation, now, facts, run, computed, explain, off_at)
    case.run = run or open_run(session, facts, unit)
    if look and computed is None:
        case.computed = compute(session, shop, unit, now)
    return Gate(unit, tuple(check(case) for check in ORDER), case.run, case.computed)


def compute(session: Session, shop: Shop, unit: Unit, now: datetime) -> Computed:
    """Diagnose and plan, writing nothing."""
    operation = operations()[unit.operation]
    with looking(session):
        findings = operation.diagnose(session, shop, unit.market, now, operation.config)
        return Computed(findings, operation.plan(session, shop, unit.market, findings, now, operation.config))


def open_run(session: Session, facts: ShopFacts, unit: Unit) -> Run | None:
    """The one that waits or runs."""
    if facts.runs:
        return facts.runs.open(unit)
    query = select(Run).where(Run.open_key == open_key(facts.shop.id, unit.operation, unit.market))
    return session.scalars(query).first()


def held(session: Session, facts: ShopFacts, unit: Unit) -> bool:
    """Whether somebody has to act first, as one reads it off the shop itself: no run of the unit is asked for."""
    case = _bare(session, facts, unit)
    return any(check(case).holds for check in STANDING)


def quota_used(session: Session, facts: ShopFacts, unit: Unit) -> bool:
    return checks_shop.quota_used(_bare(session, facts, unit)).holds


def _bare(session: Session, facts: ShopFacts, unit: Unit) -> Case:
    return Case(session, facts.shop, unit, operations()[unit.operation], facts.now, facts, explain=False)


def standing_block(session: Session, shop: Shop, unit: Unit, now: datetime | None = None) -> str | None:
    """What holds it until somebody acts, apart from an OFF; None when only time does."""
    found = decide(session, shop, unit, now or clock.now()).blockers
    return next((code for code in found if code not in PASSING and code != "switched_off"), None)
