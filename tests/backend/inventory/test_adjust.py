"""Receiving, issuing and correcting by hand."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import Conflict, InvalidInput, NotFound, NothingToChange
from backend.inventory import ledger
from backend.inventory.models import StockItem, StockMovement
from backend.inventory.states import MovementReason
from backend.plans import service
from backend.plans.states import PlanState
from tests.backend.inventory.conftest import Set, carry_out, effect, stock, unbalanced, undo

Ids = dict[str, str]


def lines(*numbers: tuple[str, str, int]) -> list[dict[str, object]]:
    return [{"item_id": item, name: number} for item, name, number in numbers]


def test_a_receipt_shows_from_how_many_to_how_many_and_writes_one_line(
    session: Session, owner: Actor, ids: Ids
) -> None:
    plan = service.preview(
        session,
        owner,
        "stock.adjust",
        {"way": "receive", "lines": lines((ids["item"], "quantity", 5)), "note": "월요일"},
    )
    (row,) = effect(plan, "stock_moves")["items"]  # type: ignore[index]
    assert (row["before"], row["delta"], row["after"]) == (10, 5, 15)
    assert stock(session, ids["item"]) == 10, "a preview writes nothing"
    service.confirm(session, owner, plan.id, "key")
    line = session.scalars(select(StockMovement).where(StockMovement.source_id == plan.id)).one()
    assert (line.delta, line.balance, line.reason, line.note, line.by_name) == (
        5, 15, MovementReason.RECEIVE, "월요일", "oneul owner",
    )  # fmt: skip
    assert stock(session, ids["item"]) == 15
    assert not unbalanced(session)


def test_the_undo_is_one_more_line_never_a_line_less(session: Session, owner: Actor, ids: Ids) -> None:
    done = carry_out(session, owner, "stock.adjust", way="correct", lines=lines((ids["item"], "to", 3)))
    undo(session, owner, done)
    assert stock(session, ids["item"]) == 10
    told = session.execute(
        select(StockMovement.reason, StockMovement.delta, StockMovement.undoes.is_not(None))
        .where(StockMovement.item_id == ids["item"]).order_by(StockMovement.id)
    ).all()  # fmt: skip
    assert [tuple(row) for row in told] == [
        (MovementReason.RECEIVE, 10, False), (MovementReason.CORRECT, -7, False), (MovementReason.UNDO, 7, True),
    ]  # fmt: skip


def test_what_came_in_and_is_gone_cannot_be_taken_back(session: Session, owner: Actor, ids: Ids) -> None:
    came = carry_out(session, owner, "stock.adjust", way="receive", lines=lines((ids["item_3"], "quantity", 5)))
    carry_out(session, owner, "stock.adjust", way="issue", lines=lines((ids["item_3"], "quantity", 3)))
    with pytest.raises(Conflict) as refused:
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": came.id})
    assert refused.value.error_code == "stock_short"
    assert (refused.value.data["stocked"], refused.value.data["way"]) == (2, "undo")


def test_what_came_in_and_is_promised_cannot_be_taken_back(session: Session, owner: Actor, ids: Ids) -> None:
    came = carry_out(session, owner, "stock.adjust", way="receive", lines=lines((ids["item_3"], "quantity", 5)))
    ledger.reserve(session, owner.shop_id, ids["item_3"], 4)
    with pytest.raises(Conflict) as refused:
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": came.id})
    assert refused.value.data["reserved"] == 4


def test_what_is_promised_to_orders_is_not_issued_and_the_answer_says_how_many_may_be(
    session: Session, owner: Actor, ids: Ids
) -> None:
    ledger.reserve(session, owner.shop_id, ids["item"], 8)
    with pytest.raises(Conflict) as refused:
        carry_out(session, owner, "stock.adjust", way="issue", lines=lines((ids["item"], "quantity", 3)))
    told = refused.value.data
    assert (told["stocked"], told["reserved"], told["available"], told["asked"]) == (10, 8, 2, 3)
    carry_out(session, owner, "stock.adjust", way="issue", lines=lines((ids["item"], "quantity", 2)))
    assert stock(session, ids["item"]) == 8


def test_with_unlimited_allocation_stock_may_go_below_nothing(
    session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    issue = {"way": "issue", "lines": lines((ids["item"], "quantity", 12))}
    with pytest.raises(Conflict):
        carry_out(session, owner, "stock.adjust", **issue)
    setting("allocation_basis", "unlimited")
    carry_out(session, owner, "stock.adjust", **issue)
    assert stock(session, ids["item"]) == -2
    assert not unbalanced(session)


def test_a_count_may_fall_under_the_promised_with_a_warning(session: Session, owner: Actor, ids: Ids) -> None:
    ledger.reserve(session, owner.shop_id, ids["item"], 8)
    plan = service.preview(session, owner, "stock.adjust", {"way": "correct", "lines": lines((ids["item"], "to", 6))})
    (row,) = effect(plan, "stock_under_promised")["items"]  # type: ignore[index]
    assert (row["after"], row["reserved"], row["available"]) == (6, 8, -2)


def test_falling_to_the_safety_quantity_is_warned_of_once(session: Session, owner: Actor, ids: Ids) -> None:
    plan = carry_out(session, owner, "stock.adjust", way="issue", lines=lines((ids["item"], "quantity", 7)))
    assert effect(plan, "stock_under_safety")["items"][0]["available"] == 3  # type: ignore[index]
    again = carry_out(session, owner, "stock.adjust", way="issue", lines=lines((ids["item"], "quantity", 1)))
    assert effect(again, "stock_under_safety") is None, "it was low already"


def test_a_preview_is_stale_once_somebody_else_moved_the_stock(
    session: Session, owner: Actor, sub_operator: Actor, ids: Ids
) -> None:
    plan = service.preview(session, owner, "stock.adjust", {"way": "correct", "lines": lines((ids["item"], "to", 3))})
    carry_out(session, sub_operator, "stock.adjust", way="receive", lines=lines((ids["item"], "quantity", 1)))
    late = service.confirm(session, owner, plan.id, "key")
    assert late.state is PlanState.STALE
    assert stock(session, ids["item"]) == 11, "nothing of the old preview was written"
    fresh = service.confirm(session, owner, str(late.replaced_by), "key")
    assert effect(fresh, "stock_moves")["items"][0]["before"] == 11  # type: ignore[index]
    assert stock(session, ids["item"]) == 3


def test_several_items_move_together_or_not_at_all(session: Session, owner: Actor, ids: Ids) -> None:
    both = lines((ids["item"], "quantity", 4), (ids["item_3"], "quantity", 1))
    with pytest.raises(Conflict):
        carry_out(session, owner, "stock.adjust", way="issue", lines=both)
    assert (stock(session, ids["item"]), stock(session, ids["item_3"])) == (10, 0)


def line(**numbers: object) -> list[dict[str, object]]:
    return [{"item_id": "itm_oneul_1", **numbers}]


def test_numbers_that_make_no_sense_are_named(session: Session, owner: Actor, ids: Ids) -> None:
    for wrong in (
        {"way": "receive", "lines": []},
        *({"way": "receive", "lines": line(quantity=number)} for number in (0, -5, 1.5, 10**9, "many")),
        {"way": "receive", "lines": line(to=5)}, {"way": "correct", "lines": line(quantity=5)},
        {"way": "correct", "lines": line(to=-1)}, {"way": "correct", "lines": line(to=1, by=1)},
        {"way": "receive", "lines": line(quantity=1) * 2}, {"way": "ship", "lines": line(quantity=1)},
        {"way": "receive", "lines": line(quantity=1), "note": "x" * 201},
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            service.preview(session, owner, "stock.adjust", wrong)
        assert refused.value.data["fields"], wrong


def test_a_strangers_item_is_no_item(session: Session, owner: Actor, ids: Ids) -> None:
    with pytest.raises(NotFound):
        carry_out(session, owner, "stock.adjust", way="receive", lines=lines(("itm_other_1", "quantity", 1)))
    assert session.get_one(StockItem, "itm_other_1").stocked == 10


def test_a_count_that_agrees_changes_nothing(session: Session, owner: Actor, ids: Ids) -> None:
    with pytest.raises(NothingToChange) as told:
        carry_out(session, owner, "stock.adjust", way="correct", lines=lines((ids["item"], "to", 10)))
    assert told.value.error_code == "stock_is_so"


def test_a_kind_of_the_shops_own_is_kept_on_the_line_and_must_fit_the_way(
    session: Session, owner: Actor, ids: Ids
) -> None:
    done = carry_out(
        session,
        owner,
        "stock.adjust",
        way="issue",
        type_id=ids["movement_type"],
        lines=lines((ids["item"], "quantity", 1)),
    )
    line = session.scalars(select(StockMovement).where(StockMovement.source_id == done.id)).one()
    assert line.type_id == ids["movement_type"]
    with pytest.raises(InvalidInput) as refused:
        carry_out(
            session, owner, "stock.adjust", way="receive", type_id=ids["movement_type"],
            lines=lines((ids["item"], "quantity", 1)),
        )  # fmt: skip
    assert refused.value.error_code == "movement_type_direction"
