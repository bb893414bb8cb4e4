"""A process that dies between any two steps leaves stock as it was or as it shall be, and never both."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory.models import StockImport
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.handing_in import hand_in
from backend.plans import service
from backend.plans.models import Plan
from backend.plans.states import PlanState
from tests.backend.inventory.conftest import stock, unbalanced
from tests.contract.seeded_stock import workbook

#: after how many statements that write the process dies
STEPS = (1, 3, 5)


def confirm_and_die(var_dir: Path, plan_id: str, after: int) -> int:
    """Confirms in a process of its own that kills itself after so many writing statements."""
    script = textwrap.dedent(f"""
        import os, signal
        from sqlalchemy import event
        from backend import features
        features.load()
        from backend.access.actor import member_actor
        from backend.db.engine import get_engine, unit_of_work
        from backend.plans import service
        from backend.shops.models import Member
        left = [{after}]
        @event.listens_for(get_engine(), "after_cursor_execute")
        def count(conn, cursor, statement, *rest):
            if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
        with unit_of_work() as session:
            actor = member_actor(session.get_one(Member, "mem_oneul_owner"))
            service.confirm(session, actor, {plan_id!r}, "key")
    """)
    environment = {**os.environ, "OPSTALK_VAR_DIR": str(var_dir)}
    return subprocess.run([sys.executable, "-c", script], env=environment, timeout=60, check=False).returncode


@pytest.mark.parametrize("kind", ["stock.adjust", "stock.import", "inbound.receive"])
def test_killed_at_any_step_it_happened_wholly_or_not_at_all(
    session: Session, owner: Actor, ids: dict[str, str], tmp_path: Path, kind: str
) -> None:
    items = [ids["item"], ids["item_3"]]
    file = hand_in(
        session, owner, ImportKind.RECEIVE, "x.xlsx", workbook([["바코드", "품목코드", "수량"], [None, "XONEUL-01", 4]])
    )
    params = {
        "stock.adjust": {"way": "receive", "lines": [{"item_id": item, "quantity": 4} for item in items]},
        "stock.import": {"import_id": file.id}, "inbound.receive": {"inbound_id": ids["inbound"], "quantity": 4},
    }[kind]  # fmt: skip
    plan = service.preview(session, owner, kind, params)
    plan.expires_at = plan.expires_at.replace(year=plan.expires_at.year + 50)  # the other process has the real time
    session.commit()
    before, died = stock(session, ids["item_3"]), 0
    session.rollback()
    for after in STEPS:
        ended = confirm_and_die(tmp_path, plan.id, after)
        assert ended in (0, -signal.SIGKILL)
        if ended == 0:
            break
        died += 1
        assert stock(session, ids["item_3"]) == before, "nothing of an unfinished transaction is seen"
        assert not unbalanced(session)
        assert session.get_one(Plan, plan.id).state is PlanState.PREVIEWED
        session.rollback()
    else:
        service.confirm(session, owner, plan.id, "key")
        session.commit()
    assert died >= 2, "it was killed between its steps"
    assert stock(session, ids["item_3"]) == before + 4
    assert not unbalanced(session)
    assert session.get_one(StockImport, file.id).applied_at is None or kind == "stock.import"
