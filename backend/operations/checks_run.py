"""The gate's second half: is now the time, is there something to do, and can it be done?"""

from datetime import datetime
from typing import Any

from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.operations.checks import Case, Check, failed, passed
from backend.operations.schedule import due_after
from backend.operations.shop_runs import TRIED, last_turn, newest
from backend.operations.states import RunState
from backend.shops.required import SetupKey
from backend.shops.setup import fix_of

RETRY = "retry"


def not_due(case: Case) -> Check:
    """With an open run its start decides; a repeat after a failure is the last check's matter."""
    if case.run and not case.explain:
        return _start_decides(case, case.run.scheduled_for, {})
    runs = case.facts.runs
    turn = runs.last_turn(case.unit) if runs else last_turn(case.session, case.shop.id, case.unit)
    last_at = (turn.finished_at or turn.scheduled_for) if turn else None
    start = case.run.scheduled_for if case.run else due_after(case.unit, turn)
    announced = case.run.announced_at if case.run else None
    evidence = {
        "next_due": start.isoformat() if start else None,
        "last_run_at": last_at.isoformat() if last_at else None,
        "run_id": case.run.id if case.run else None,
        "announced_at": announced.isoformat() if announced else None,
        "interval_days": case.operation.config.interval_days,
    }
    return _start_decides(case, start, evidence)


def _start_decides(case: Case, start: datetime | None, evidence: dict[str, Any]) -> Check:
    if start is None or start <= case.now or (case.run and case.run.trigger == RETRY):
        return passed("not_due", evidence)
    return failed("not_due", evidence, "wait")


def nothing_to_improve(case: Case) -> Check:
    if case.computed is None:
        return passed("nothing_to_improve", {"checked": False})
    plan = case.computed.plan
    evidence = {
        "checked": True, "findings": len(case.computed.findings), "changes": len(plan.changes), "rule": plan.rule,
    }  # fmt: skip
    return passed("nothing_to_improve", evidence) if plan.changes else failed("nothing_to_improve", evidence, None)


def market_unreachable(case: Case) -> Check:
    account = _account(case)
    if account is None or account.state is not AccountState.UNREACHABLE:
        return passed("market_unreachable")
    return failed("market_unreachable", _where(account), "wait_retry")


def credentials_expired(case: Case) -> Check:
    account = _account(case)
    if account is None:
        return passed("credentials_expired")
    past = account.credentials_until is not None and account.credentials_until <= case.now
    if not past and account.state is not AccountState.EXPIRED:
        return passed("credentials_expired")
    evidence = _where(account)
    if past and account.credentials_until:
        evidence["since"] = account.credentials_until.isoformat()
    return failed("credentials_expired", evidence, fix_of(SetupKey.MARKET_ACCOUNT) | {"code": "renew_credentials"})


def last_run_failed(case: Case) -> Check:
    """Holds until the repeat is due; without a repeat it only tells what happened."""
    if not case.explain and (case.run is None or case.run.trigger != RETRY):
        return passed("last_run_failed")
    runs = case.facts.runs
    last = runs.last_tried(case.unit) if runs else newest(case.session, case.shop.id, case.unit, TRIED)
    if last is None or last.state is not RunState.FAILED:
        return passed("last_run_failed")
    retry = case.run if case.run and case.run.trigger == RETRY else None
    evidence = {
        "run_id": last.id, "reason": last.reason, "attempts": last.attempts,
        "failed_at": last.finished_at.isoformat() if last.finished_at else None,
        "retry_at": retry.scheduled_for.isoformat() if retry else None,
    }  # fmt: skip
    waits = retry is not None and retry.scheduled_for > case.now
    return failed("last_run_failed", evidence, "wait_retry", blocking=waits)


def _account(case: Case) -> MarketAccount | None:
    if case.unit.market is None or case.unit.market is Market.MALL:
        return None
    return case.facts.account(case.unit.market)


def _where(account: MarketAccount) -> dict[str, str | None]:
    since = account.failing_since.isoformat() if account.failing_since else None
    return {"market": account.market.value, "seller_id": account.seller_id, "since": since}
