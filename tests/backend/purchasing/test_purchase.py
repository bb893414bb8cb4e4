"""What is short is bought once, arrives in parts, and its sheet says the same on paper and in a spreadsheet."""

import re
from datetime import date
from io import BytesIO

import pypdf
import pytest
import python_calamine
from sqlalchemy import select

from backend.documents.kinds import kind_named
from backend.errors import OpsTalkError
from backend.inventory.models import Inbound
from backend.inventory.states import InboundState
from backend.kit.wording import wording
from backend.orders.states import Fulfilment, PurchaseState
from backend.plans import service
from backend.purchasing.documents import SheetParams
from backend.purchasing.models import PurchaseOrder, PurchaseOrderLine
from backend.purchasing.service import shortages_by_supplier
from backend.purchasing.shortages import shortages
from backend.purchasing.targets import PURCHASE
from tests.backend.shipping.build import add_item, add_order, add_supplier, carry_out, laws, undo


@pytest.fixture
def bought(session, shop):
    supplier = add_supplier(session, shop)
    items = [add_item(session, shop, n, stocked=2, safety=5, supplier_id=supplier.id) for n in (1, 2)]
    return supplier, items


def only(session) -> PurchaseOrder:
    session.expire_all()
    return session.scalars(select(PurchaseOrder)).one()


def create(session, owner, supplier, **over):
    return carry_out(session, owner, "purchase_order.create", supplier_id=supplier.id, **over)


def test_what_open_orders_lack_and_what_is_below_safety_is_short(session, shop, bought) -> None:
    _supplier, (first, second) = bought
    add_order(session, shop, [(first, 4)], 1, state=Fulfilment.UNALLOCATED)
    add_order(session, shop, [(second, 1)], 2)
    assert {s.item.id: s.short for s in shortages(session, shop.id)} == {first.id: 4 + 5 - 2, second.id: 5 - 1}
    (group,) = shortages_by_supplier(session, shop.id, None)
    assert (group.supplier, group.pieces, group.amount) == ("공급사 1", 11, 7 * 9_001 + 4 * 9_002)


def test_what_is_drafted_or_on_its_way_is_not_bought_twice(session, shop, owner, bought) -> None:
    supplier, _ = bought
    plan = create(session, owner, supplier)
    assert shortages(session, shop.id) == []
    carry_out(session, owner, "purchase_order.place", purchase_order_id=only(session).id)
    assert shortages(session, shop.id) == []
    with pytest.raises(OpsTalkError) as caught:
        create(session, owner, supplier)
    assert caught.value.error_code == "nothing_short"
    assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)


def test_from_draft_to_all_arrived_and_all_of_it_back(session, shop, owner, bought) -> None:
    supplier, (first, second) = bought
    created = create(session, owner, supplier, due_on="2026-11-25")
    assert only(session).number == "PO20261118-01" and only(session).state is PurchaseState.DRAFT
    placed = carry_out(session, owner, "purchase_order.place", purchase_order_id="po20261118-01")
    assert (only(session).state, only(session).ordered_on) == (PurchaseState.ORDERED, date(2026, 11, 18))
    assert {(i.quantity, i.due_on, i.state) for i in session.scalars(select(Inbound))} == {
        (3, date(2026, 11, 25), InboundState.EXPECTED)
    }
    part = carry_out(
        session,
        owner,
        "purchase_order.receive",
        purchase_order_id=only(session).id,
        lines=[{"item_id": first.id, "quantity": 2}],
    )
    assert (first.stocked, second.stocked, only(session).state) == (4, 2, PurchaseState.ORDERED)
    rest = carry_out(session, owner, "purchase_order.receive", purchase_order_id=only(session).id)
    assert (first.stocked, second.stocked, only(session).state) == (5, 5, PurchaseState.RECEIVED)
    for plan in (created, placed, part, rest):
        assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
    laws(session)
    for plan in (rest, part, placed, created):
        undo(session, owner, plan)
        laws(session)
    assert (first.stocked, only(session).state) == (2, PurchaseState.CANCELLED)
    assert {i.state for i in session.scalars(select(Inbound))} == {InboundState.CANCELLED}


def test_cancelling_keeps_what_has_arrived(session, shop, owner, bought) -> None:
    supplier, (first, _) = bought
    create(session, owner, supplier)
    carry_out(session, owner, "purchase_order.place", purchase_order_id=only(session).id)
    carry_out(
        session,
        owner,
        "purchase_order.receive",
        purchase_order_id=only(session).id,
        lines=[{"item_id": first.id, "quantity": 1}],
    )
    plan = carry_out(session, owner, "purchase_order.cancel", purchase_order_id=only(session).id)
    assert (only(session).state, first.stocked) == (PurchaseState.RECEIVED, 3)
    assert {i.state for i in session.scalars(select(Inbound))} == {InboundState.CANCELLED}
    undo(session, owner, plan)
    assert only(session).state is PurchaseState.ORDERED
    laws(session)


@pytest.mark.parametrize("state", list(PurchaseState))
@pytest.mark.parametrize("step, starts", [
    ("place", {PurchaseState.DRAFT}), ("receive", {PurchaseState.ORDERED}), ("cancel", {PurchaseState.DRAFT, PurchaseState.ORDERED}),
])  # fmt: skip
def test_a_step_starts_from_its_own_states_only(session, shop, owner, bought, step, starts, state) -> None:
    create(session, owner, bought[0])
    if state is not PurchaseState.DRAFT:
        carry_out(session, owner, "purchase_order.place", purchase_order_id=only(session).id)
    order = only(session)
    order.state = state
    session.flush()
    try:
        carry_out(session, owner, f"purchase_order.{step}", purchase_order_id=order.id)
    except OpsTalkError as error:
        assert state not in starts and error.error_code == "purchase_state"
        assert wording().say("problem.purchase_state", data=error.data)
    else:
        assert state in starts and order.state in PURCHASE[state]


@pytest.mark.parametrize("over, code", [
    ({"lines": [{"item_id": "itm_oneul_01", "quantity": 0}]}, "invalid_input"), ({"lines": [{"item_id": "x", "quantity": 1}]}, "item_not_found"),
    ({"lines": [{"item_id": "itm_oneul_01", "quantity": 1}] * 2}, "purchase_item_twice"), ({"due_on": "2026-11-17"}, "due_in_the_past"),
    ({"supplier_id": "x"}, "supplier_not_found"), ({"due_on": "morgen"}, "invalid_input"),
])  # fmt: skip
def test_what_cannot_be_bought_is_refused_by_name(session, shop, owner, bought, over, code) -> None:
    with pytest.raises(OpsTalkError) as caught:
        service.preview(session, owner, "purchase_order.create", {"supplier_id": bought[0].id, **over})
    assert caught.value.error_code == code


def test_more_than_was_ordered_does_not_arrive(session, shop, owner, bought) -> None:
    create(session, owner, bought[0])
    carry_out(session, owner, "purchase_order.place", purchase_order_id=only(session).id)
    with pytest.raises(OpsTalkError) as caught:
        params = {"purchase_order_id": only(session).id, "lines": [{"item_id": bought[1][0].id, "quantity": 4}]}
        service.preview(session, owner, "purchase_order.receive", params)
    assert (caught.value.error_code, caught.value.data["most"]) == ("purchase_too_many", 3)


def test_two_drafts_of_a_day_have_two_numbers_and_a_stale_one_is_shown_again(session, shop, owner, bought) -> None:
    line = {"lines": [{"item_id": bought[1][0].id, "quantity": 1}], "supplier_id": bought[0].id}
    waiting = service.preview(session, owner, "purchase_order.create", line)
    carry_out(session, owner, "purchase_order.create", **line)
    assert service.confirm(session, owner, waiting.id, "k").state.value == "stale"
    fresh = service.confirm(session, owner, waiting.replaced_by or "", "k")
    assert fresh.changes[0]["label"] == "PO20261118-02"


def test_the_sheet_says_the_same_on_paper_and_in_a_spreadsheet_and_runs_no_formula(
    session, shop, owner, bought
) -> None:
    supplier, (first, _) = bought
    first.name, supplier.name = '=HYPERLINK("http://x")', "@공급사 & <b>"
    create(session, owner, supplier, note="+1 급해요")
    order = only(session)
    params = SheetParams(purchase_order_id=order.id)
    pdf = kind_named("purchase_order_pdf").make(session, shop, params)
    text = re.sub(r"\s+", " ", "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf.body)).pages))
    for said in (
        "PO20261118-01",
        "@공급사 & <b>",
        '=HYPERLINK("http://x")',
        "P00002-01",
        "9,001",
        "27,003",
        "54,009",
        "+1 급해요",
    ):
        assert said in text, said
    book = kind_named("purchase_order_xlsx").make(session, shop, params)
    assert book.name == "PO20261118-01.xlsx"
    rows = python_calamine.load_workbook(BytesIO(book.body)).get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row]
    assert '=HYPERLINK("http://x")' in cells and "@공급사 & <b>" in cells and "+1 급해요" in cells
    goods = [row for row in rows if row[1] in ("P00001-01", "P00002-01")]
    assert [(row[3], row[4], row[5]) for row in goods] == [(3, 9001, 27003), (3, 9002, 27006)]
    import zipfile

    xml = zipfile.ZipFile(BytesIO(book.body)).read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" not in xml and set(re.findall(r"<f>(.*?)</f>", xml)) <= {
        "D11*E11",
        "D12*E12",
        "SUM(D11:D12)",
        "SUM(F11:F12)",
    }


def test_the_sheet_keeps_the_notes_lines_and_says_what_its_sum_leaves_out(session, shop, owner, bought) -> None:
    supplier, _ = bought
    shop.sender_number = "0264001188"
    create(session, owner, supplier, note="낱개 포장 부탁드려요.\n전날 전화 주세요.")
    params = SheetParams(purchase_order_id=only(session).id)

    def printed() -> str:
        pdf = kind_named("purchase_order_pdf").make(session, shop, params)
        return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf.body)).pages)

    assert "낱개 포장 부탁드려요.\n전날 전화 주세요." in printed()
    assert "02-6400-1188" in printed() and "단가가 정해지지 않은" not in printed()
    session.scalars(select(PurchaseOrderLine)).first().cost = None
    session.flush()
    assert "단가가 정해지지 않은 품목 1개는" in printed()


def test_over_http_with_links_that_open(session, shop, owner, stranger, client, bought) -> None:
    create(session, owner, bought[0])
    number = only(session).number
    session.commit()
    http = client(owner)
    assert http.get("/api/purchasing/shortages").json() == []
    (listed,) = http.get("/api/purchasing/orders", params={"state": "draft"}).json()
    assert (listed["number"], listed["pieces"]) == (number, 6)
    assert http.get(f"/api/purchasing/orders/{number}").json() == listed
    for form in ("pdf", "xlsx"):
        link = http.get(f"/api/purchasing/orders/{number}/sheet", params={"form": form}).json()
        opened = http.get(link["path"])
        assert opened.status_code == 200 and opened.headers["content-type"] == link["media_type"]
    for path in (f"/api/purchasing/orders/{listed['id']}", f"/api/purchasing/orders/{listed['id']}/sheet"):
        assert client(stranger).get(path).status_code == 404
