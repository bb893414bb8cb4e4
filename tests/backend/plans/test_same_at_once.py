"""Several people wish for the same unique thing at the same moment: one gets it, the others are told what stands there."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.db.engine import unit_of_work
from backend.errors import OpsTalkError
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.handing_in import hand_in
from backend.plans import service
from tests.contract.seeded_stock import workbook

Wish = tuple[str, dict[str, Any]]


def barcode(ids: dict[str, str]) -> list[Wish]:
    return [("item.update", {"item_ids": [ids[i]], "barcode": "ABC-77"}) for i in ("item", "item_2", "item_3", "goods")]


def name(ids: dict[str, str]) -> list[Wish]:
    renamed: Wish = ("movement_type.change", {"type_id": ids["movement_type"], "name": "sample"})
    return [("movement_type.create", {"name": "sample", "direction": "out"}), renamed] * 2


def number(ids: dict[str, str]) -> list[Wish]:
    lines = [{"item_id": ids["goods"], "quantity": 1}]
    return [("purchase_order.create", {"supplier_id": ids["goods_supplier"], "lines": lines})] * 4


def match(ids: dict[str, str]) -> list[Wish]:
    line = {"line_ids": [ids["unmatched_line"]], "remember": True}
    return [("order.match", {"item_id": ids[item], **line}) for item in ("order_item", "gift_item")] * 2


def part(ids: dict[str, str]) -> list[Wish]:
    return [("order.split", {"lines": [{"line_id": ids["order_line"], "quantity": 1}]})] * 4


WISHES = {
    barcode: {"barcode_taken": 3}, name: {"movement_type_exists": 2, "nothing_to_change": 1},
    number: {"stale": 3}, match: {"already_matched", "stale"}, part: {"stale": 3},
}  # fmt: skip


def at_once(acts: list[Any]) -> Counter[str]:
    gate = threading.Barrier(len(acts))

    def go(act: Any) -> str:
        gate.wait()
        try:
            with unit_of_work() as session:
                return str(act(session).state.value)
        except OpsTalkError as error:
            return error.error_code

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(go, acts))


@pytest.mark.parametrize("wishes", list(WISHES), ids=lambda wishes: wishes.__name__)
def test_one_gets_it(session: Session, owner: Actor, ids: dict[str, str], wishes: Any) -> None:
    plans = [service.preview(session, owner, kind, params).id for kind, params in wishes(ids)]
    session.commit()
    told = at_once([lambda s, one=one: service.confirm(s, owner, one, "key") for one in plans])
    assert told.pop("executed") == 1
    assert told.total() == len(plans) - 1
    expected = WISHES[wishes]
    assert set(told) <= set(expected)


def test_files_with_the_same_new_barcode(session: Session, owner: Actor, ids: dict[str, str]) -> None:
    """Previewed and confirmed in one go, so that the second looked at the shelf before the first had written."""
    rows = [[["품목코드", "품목명", "바코드"], [f"N{n}-1", f"new {n}", "BAR-1"]] for n in range(3)]
    files = [hand_in(session, owner, ImportKind.ITEMS, f"{n}.xlsx", workbook(row)).id for n, row in enumerate(rows)]  # type: ignore[arg-type]
    session.commit()

    def apply(own: Session, file: str) -> Any:
        plan = service.preview(own, owner, "stock.import", {"import_id": file})
        return service.confirm(own, owner, plan.id, "key")

    told = at_once([lambda s, one=one: apply(s, one) for one in files])
    assert told == {"executed": 1, "import_has_bad_rows": 2}
