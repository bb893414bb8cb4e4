"""The reset takes everything or nothing, keeps a file that can be put back, and leaves stock true."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.claims.models import EarlyClaim
from backend.cli import restore as command
from backend.db.engine import unit_of_work
from backend.db.models import metadata
from backend.errors import Conflict, Forbidden, InvalidInput, NotFound, NothingToChange
from backend.inventory.models import StockItem, StockMovement
from backend.inventory_settings import backup, reset
from backend.inventory_settings.backup import BackupUnreadable
from backend.inventory_settings.models import OrderReset
from backend.inventory_settings.reset_tables import BY_NAME, EMPTIED
from backend.inventory_settings.restore import restore
from backend.markets.codes import Market
from backend.markets.feed_models import Collection, CommandKind, MarketCommand
from backend.orders.models import Order, OrderLine, OrderNote
from backend.orders.states import Fulfilment
from backend.plans import service
from backend.plans.models import Plan
from backend.products.models import ProductDay
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.inventory_settings.trading import claim, item, line, order, parcel
from tests.backend.operations.conftest import add_product, react
from tests.backend.plans.whole_state import State, difference, whole_state

PHRASE = "oneul 상점 주문 초기화"
OTHERS = frozenset({"plans", "audit_events", "order_resets"})


@pytest.fixture
def trade(session: Session, owner: Actor, stranger: Actor) -> dict[str, Any]:
    """Two orders of this shop with all that hangs on them, and one of the other shop."""
    stock = item(session, owner, "A-01", 10)
    first, second = order(session, owner), order(session, owner, postcode="63000", remote_area="제주")
    promised = line(session, first, stock, quantity=3, allocated=3, fulfilment=Fulfilment.ALLOCATED)
    gone = line(session, second, stock, quantity=2, fulfilment=Fulfilment.SHIPPED)
    parcel(session, first, promised)
    claim(session, gone)
    session.add(OrderNote(id="onn_1", shop_id=owner.shop_id, order_id=first.id, text="메모", by_name="x", at=NOW))
    session.add(Collection(id="col_1", shop_id=owner.shop_id, markets=["mall"], created_at=NOW))
    session.add(EarlyClaim(
        id="ecl_1", shop_id=owner.shop_id, market_key="coupang:1", market_order_no="9", told={}, received_at=NOW
    ))  # fmt: skip
    for kind in (CommandKind.INVOICE, CommandKind.STOCK):
        session.add(MarketCommand(
            id=f"mcd_{kind.value}", shop_id=owner.shop_id, market=Market.COUPANG, kind=kind, subject_id="x", payload={},
            key=f"k {kind.value}", not_before=NOW, created_at=NOW,
        ))  # fmt: skip
    product = add_product(session, session.get_one(Shop, owner.shop_id), 1)
    react(session, product, 1, views=10, orders=2)
    theirs = order(session, stranger)
    line(session, theirs)
    session.commit()
    return {"item": stock.id, "first": first.id, "second": second.id, "theirs": theirs.id, "line": promised.id}


def wish(session: Session, actor: Actor, phrase: str = PHRASE) -> Plan:
    return service.preview(session, actor, "orders.reset", {"phrase": phrase})


def carry_out(session: Session, actor: Actor) -> Plan:
    done = service.confirm(session, actor, wish(session, actor).id, "key")
    session.commit()
    return done


def test_everything_of_the_shop_goes_and_nothing_else(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    before = whole_state(session, OTHERS)
    done = carry_out(session, owner)
    assert done.result["counts"] == {
        "orders": 2, "shipments": 1, "order_lines": 2, "claims": 1, "early_claims": 1, "order_notes": 1, "collections": 1,
        "market_commands": 1, "product_days": 1,
    }  # fmt: skip
    moved = difference(before, whole_state(session, OTHERS))
    assert moved.keys() == BY_NAME.keys() | {"stock_items"}
    assert session.get(Order, trade["theirs"]) is not None
    assert session.scalars(select(MarketCommand.kind)).all() == [CommandKind.STOCK]


def test_promised_stock_is_free_and_the_ledger_stays_true(
    session: Session, owner: Actor, trade: dict[str, Any]
) -> None:
    lines = session.scalar(select(func.count()).select_from(StockMovement))
    carry_out(session, owner)
    stock = session.get_one(StockItem, trade["item"])
    assert (stock.stocked, stock.reserved) == (10, 0)
    assert (
        session.scalar(select(func.sum(StockMovement.delta)).where(StockMovement.item_id == stock.id)) == stock.stocked
    )
    assert session.scalar(select(func.count()).select_from(StockMovement)) == lines


def test_the_preview_says_that_it_is_final(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    plan = wish(session, owner)
    assert not plan.undoable
    assert {e["code"] for e in plan.effects} == {
        "reset_deletes",
        "reset_file_first",
        "reset_frees_stock",
        "reset_keeps",
    }
    done = carry_out(session, owner)
    with pytest.raises(NothingToChange) as final:
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": done.id})
    assert final.value.error_code == "cannot_be_undone"


def test_only_the_owner_resets(session: Session, sub_operator: Actor, agent: Actor, trade: dict[str, Any]) -> None:
    for actor in (sub_operator, agent):
        with pytest.raises(Forbidden) as refused:
            wish(session, actor)
        assert refused.value.error_code == "reset_owner_only"


@pytest.mark.parametrize("phrase", ["", "초기화", "other 상점 주문 초기화", "oneul 상점 주문 초기화 취소", "네"])
def test_other_words_reset_nothing(session: Session, owner: Actor, trade: dict[str, Any], phrase: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        wish(session, owner, phrase)
    assert refused.value.error_code == "reset_phrase_wrong"
    assert refused.value.data["phrase"] == PHRASE


@pytest.mark.parametrize("phrase", ["oneul상점 주문초기화", " oneul  상점 주문 초기화. ", "'ONEUL 상점 주문 초기화'"])
def test_spaces_and_marks_do_not_matter(session: Session, owner: Actor, trade: dict[str, Any], phrase: str) -> None:
    assert wish(session, owner, phrase).changes


def test_an_empty_shop_has_nothing_to_reset(session: Session, owner: Actor) -> None:
    with pytest.raises(NothingToChange) as refused:
        wish(session, owner)
    assert refused.value.error_code == "reset_empty"


def test_an_order_that_came_in_since_the_preview_is_shown_first(
    session: Session, owner: Actor, trade: dict[str, Any]
) -> None:
    plan = wish(session, owner)
    order(session, owner)
    assert service.confirm(session, owner, plan.id, "key").state.value == "stale"


def test_an_order_that_comes_in_after_the_file_stops_it(
    session: Session, owner: Actor, trade: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, write = wish(session, owner), backup.write
    session.commit()
    before = whole_state(session)

    def and_then_an_order(on: Session, header: backup.Header) -> tuple[Path, str]:
        written = write(on, header)
        order(on, owner)
        return written

    monkeypatch.setattr(backup, "write", and_then_an_order)
    with pytest.raises(Conflict) as stopped, unit_of_work() as own:
        service.confirm(own, owner, plan.id, "key")
    assert stopped.value.error_code == "orders_moved"
    session.rollback()
    assert not difference(before, whole_state(session))


STEPS = ["backup.write", "backup.verified", "reset._promised", "ledger.release"]


@pytest.mark.parametrize("step", STEPS)
def test_dying_at_any_step_leaves_the_shop_as_it_was(
    session: Session, owner: Actor, trade: dict[str, Any], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    plan = wish(session, owner)
    session.commit()
    before = whole_state(session)
    calls = []

    def dies(*_: Any, **__: Any) -> None:
        calls.append(step)
        raise KeyboardInterrupt

    if step == "reset._promised":  # the second time: the first is the preview's
        real, seen = reset._promised, []

        def second(*given: Any) -> Any:
            seen.append(1)
            return dies() if len(seen) > 1 else real(*given)

        monkeypatch.setattr(reset, "_promised", second)
    else:
        module, name = step.split(".")
        monkeypatch.setattr({"backup": backup, "ledger": reset.ledger}[module], name, dies)
    with pytest.raises(KeyboardInterrupt), unit_of_work() as own:
        service.confirm(own, owner, plan.id, "key")
    assert calls
    session.rollback()
    assert not difference(before, whole_state(session))


def test_a_disk_that_refuses_deletes_nothing(
    session: Session, owner: Actor, trade: dict[str, Any], tmp_path: Path
) -> None:
    before = whole_state(session)
    plan = wish(session, owner)
    session.commit()
    (tmp_path / "backups").write_text("a file where the folder should be", encoding="ascii")
    with pytest.raises(Conflict) as refused, unit_of_work() as own:
        service.confirm(own, owner, plan.id, "key")
    assert refused.value.error_code == "backup_failed"
    session.rollback()
    assert not difference(before, whole_state(session, frozenset({"plans"})) | {"plans": before["plans"]})


def test_confirmed_twice_it_is_done_once(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    done = carry_out(session, owner)
    assert service.confirm(session, owner, done.id, "key").result == done.result
    assert session.scalar(select(func.count()).select_from(OrderReset)) == 1


def the_file(done: Plan) -> Path:
    return backup.folder() / str(done.result["file"])


def test_the_file_is_whole_and_only_ours(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    file = the_file(carry_out(session, owner))
    assert backup.verified(file).counts["orders"] == 2
    assert file.stat().st_mode & 0o077 == 0
    assert not list(file.parent.glob("*.part"))
    assert command.main([str(file), "--check"]) == 0


def put_back(file: Path) -> Any:
    with unit_of_work() as own:
        return restore(own, file)


def same_rows(before: State, session: Session) -> bool:
    now = whole_state(session, OTHERS, versions=False)
    return not difference(before, now)


def test_the_file_puts_the_shop_back_exactly(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    before = whole_state(session, OTHERS, versions=False)
    file = the_file(carry_out(session, owner))
    done = put_back(file)
    session.rollback()
    assert (done.counts["orders"], done.counts["order_lines"], done.here_again) == (2, 2, [])
    assert same_rows(before, session)
    with pytest.raises(NothingToChange):
        put_back(file)


def test_the_command_puts_back_and_says_so(
    session: Session,
    owner: Actor,
    trade: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(command, "migrate", lambda: None)  # the tables of this test are made without migrations
    file = the_file(carry_out(session, owner))
    assert command.main([file.name]) == 0
    assert "2 orders" in capsys.readouterr().out
    assert command.main([file.name]) == 1
    assert "nothing_to_change" in capsys.readouterr().err


def test_an_order_that_came_in_again_stays_as_it_is(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    told = session.get_one(Order, trade["first"])
    number, market_no = told.order_no, told.market_order_no
    file = the_file(carry_out(session, owner))
    order(session, owner, order_no="20261119-0000001", market_order_no=market_no)
    session.commit()
    done = put_back(file)
    session.rollback()
    assert done.here_again == [number]
    assert session.get(Order, trade["first"]) is None
    assert session.get(OrderLine, trade["line"]) is None
    assert session.get(Order, trade["second"]) is not None
    assert session.get_one(StockItem, trade["item"]).reserved == 0


def test_a_number_given_anew_is_told_apart(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    number = session.get_one(Order, trade["second"]).order_no
    file = the_file(carry_out(session, owner))
    order(session, owner, order_no=number)
    session.commit()
    put_back(file)
    session.rollback()
    assert session.get_one(Order, trade["second"]).order_no == f"{number}-R"


def test_a_day_with_numbers_of_its_own_has_both(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    file = the_file(carry_out(session, owner))
    day = (NOW + timedelta(hours=9)).date() - timedelta(days=1)
    session.add(ProductDay(product_id="prd_oneul_01", day=day, shop_id=owner.shop_id, views=5, orders=1))
    session.commit()
    put_back(file)
    session.rollback()
    both = session.scalars(select(ProductDay)).one()
    assert (both.views, both.orders) == (15, 3)


@pytest.mark.parametrize("harm", ["cut", "changed", "line lost", "end lost", "not ours", "empty", "more behind"])
def test_a_harmed_file_puts_nothing_back(session: Session, owner: Actor, trade: dict[str, Any], harm: str) -> None:
    file = the_file(carry_out(session, owner))
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    harmed = {
        "cut": "".join(lines)[:-80], "changed": "".join(lines).replace("제주", "서울"), "line lost": "".join(lines[:2] + lines[3:]),
        "end lost": "".join(lines[:-1]), "not ours": json.dumps({"hello": 1}) + "\n", "empty": "",
        "more behind": "".join(lines) + lines[1],
    }[harm]  # fmt: skip
    file.write_text(harmed, encoding="utf-8")
    before = whole_state(session)
    with pytest.raises(BackupUnreadable):
        put_back(file)
    session.rollback()
    assert not difference(before, whole_state(session))
    assert command.main([str(file), "--check"]) == 1


def test_a_file_whose_checksum_was_made_anew_is_not_the_one_that_was_written(
    session: Session, owner: Actor, trade: dict[str, Any]
) -> None:
    file = the_file(carry_out(session, owner))
    lines = file.read_text(encoding="utf-8").replace("제주", "서울").splitlines(keepends=True)[:-1]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    file.write_text("".join(lines) + json.dumps({"sha256": digest}) + "\n", encoding="utf-8")
    with pytest.raises(BackupUnreadable):
        put_back(file)


def test_a_file_of_a_shop_that_is_not_here_is_refused(session: Session, owner: Actor, trade: dict[str, Any]) -> None:
    file = the_file(carry_out(session, owner))
    session.delete(session.scalars(select(OrderReset)).one())
    session.commit()
    with pytest.raises(NotFound):
        put_back(file)


def test_what_points_at_an_emptied_table_is_emptied_too() -> None:
    """A table that learns to point at orders has to be named in `reset_tables`, or the reset would fail on it."""
    pointing = {
        table.name
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in BY_NAME
    }
    assert pointing <= BY_NAME.keys()


def test_a_table_is_put_back_after_those_it_points_at() -> None:
    order_of = [emptied.name for emptied in EMPTIED]
    for place, emptied in enumerate(EMPTIED):
        targets = {key.column.table.name for key in emptied.table.foreign_keys} & BY_NAME.keys()
        assert targets <= set(order_of[: place + 1])


def test_what_it_would_take_is_told_beforehand(
    session: Session, sub_operator: Actor, trade: dict[str, Any], client
) -> None:
    told = client(sub_operator).get("/api/inventory/reset").json()
    assert (told["phrase"], told["may"], told["counts"]["orders"]) == (PHRASE, False, 2)
