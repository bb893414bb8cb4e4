"""A process that dies between any two steps leaves stock as it was or as it shall be, and never both."""

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.inventory.models import StockImport
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.handing_in import hand_in
from tests.backend.inventory.conftest import stock, unbalanced
from tests.contract.seeded_stock import workbook
from tests.simulation.plans_killed import dies_anywhere, its_undo_dies_anywhere

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("kind", ["stock.adjust", "stock.import", "inbound.receive"])
def test_killed_at_any_step_it_happened_wholly_or_not_at_all(
    session: Session, owner: Actor, ids: dict[str, str], tmp_path_factory: pytest.TempPathFactory, kind: str
) -> None:
    items = [ids["item"], ids["item_3"]]
    rows = workbook([["바코드", "품목코드", "수량"], [None, "XONEUL-01", 4]])
    file_id = hand_in(session, owner, ImportKind.RECEIVE, "x.xlsx", rows).id
    params = {
        "stock.adjust": {"way": "receive", "lines": [{"item_id": item, "quantity": 4} for item in items]},
        "stock.import": {"import_id": file_id}, "inbound.receive": {"inbound_id": ids["inbound"], "quantity": 4},
    }[kind]  # fmt: skip
    before, kept = stock(session, ids["item_3"]), tmp_path_factory.mktemp("kept")
    plan = dies_anywhere(kept, session, owner, kind, **params)
    with unit_of_work(write=False) as own:
        assert stock(own, ids["item_3"]) == before + 4
        assert not unbalanced(own)
        assert own.get_one(StockImport, file_id).applied_at is None or kind == "stock.import"
    its_undo_dies_anywhere(kept, session, owner, plan)
    with unit_of_work(write=False) as own:
        assert stock(own, ids["item_3"]) == before
        assert not unbalanced(own)
