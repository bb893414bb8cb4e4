"""Spreadsheets as people make them: what is wrong is named, nothing half applied, the same file once."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.documents.kinds import kind_named
from backend.errors import Conflict, EditConflict, InvalidInput, NothingToChange
from backend.inventory import ledger
from backend.inventory.models import StockImport, StockItem, StockMovement
from backend.inventory.spreadsheet.columns import ImportKind, columns_of
from backend.inventory.spreadsheet.documents import say_error
from backend.inventory.spreadsheet.handing_in import hand_in
from backend.inventory.spreadsheet.reading import read_sheet
from backend.inventory.spreadsheet.understanding import understand
from backend.inventory.states import ItemState
from backend.plans import service
from backend.plans.states import PlanState
from backend.shops.models import Shop
from tests.backend.inventory.conftest import Set, carry_out, effect, stock, unbalanced, undo
from tests.contract.seeded_stock import workbook

Ids = dict[str, str]
Give = Callable[..., StockImport]


@pytest.fixture
def give(session: Session, owner: Actor, ids: Ids) -> Give:
    def hand(rows: list[list[Any]] | bytes, kind: str = "receive") -> StockImport:
        body = rows if isinstance(rows, bytes) else workbook(rows)
        return hand_in(session, owner, ImportKind(kind), "재고.xlsx", body)

    return hand


def errors(row: StockImport) -> dict[int, str]:
    return {entry["row"]: entry["error"] for entry in row.rows if "error" in entry}


def code(session: Session, item_id: str) -> str:
    return session.get_one(StockItem, item_id).code


def test_all_good_rows_are_applied_at_once_and_put_back_at_once(
    session: Session, owner: Actor, ids: Ids, give: Give
) -> None:
    made = give(
        [
            ["품목코드", "수량", "메모"],
            [code(session, ids["item"]), 5, "1차"],
            [code(session, ids["item_3"]), "1,200개"],
        ]
    )
    assert (made.good, made.bad) == (2, 0)
    done = carry_out(session, owner, "stock.import", import_id=made.id)
    told = effect(done, "import_applies")
    assert told is not None
    assert (told["good"], told["moved"], told["pieces"]) == (2, 2, 1205)
    assert (stock(session, ids["item"]), stock(session, ids["item_3"])) == (15, 1200)
    lines = session.scalars(select(StockMovement).where(StockMovement.source_id == made.id)).all()
    assert {(line.delta, line.balance, line.note) for line in lines} == {(5, 15, "1차"), (1200, 1200, None)}
    undo(session, owner, done)
    assert (stock(session, ids["item"]), stock(session, ids["item_3"])) == (10, 0)
    assert not unbalanced(session)
    carry_out(session, owner, "stock.import", import_id=made.id)
    assert stock(session, ids["item_3"]) == 1200, "what was put back may be applied again"


def test_the_same_file_twice_is_one(session: Session, owner: Actor, ids: Ids, give: Give) -> None:
    body = workbook([["품목코드", "수량"], [code(session, ids["item"]), 5]])
    first = give(body)
    carry_out(session, owner, "stock.import", import_id=first.id)
    again = give(body)
    assert again.id == first.id
    with pytest.raises(NothingToChange) as told:
        carry_out(session, owner, "stock.import", import_id=again.id)
    assert told.value.error_code == "import_applied"
    assert stock(session, ids["item"]) == 15
    assert give(body, "issue").id != first.id, "the same numbers going out are another thing"


def test_nothing_is_applied_while_a_row_is_wrong_unless_it_is_left_out(
    session: Session, owner: Actor, ids: Ids, give: Give
) -> None:
    made = give([["품목코드", "수량"], [code(session, ids["item"]), 5], ["NOPE-99", 3]])
    assert errors(made) == {3: "code_unknown"}
    with pytest.raises(Conflict) as refused:
        carry_out(session, owner, "stock.import", import_id=made.id)
    assert (refused.value.error_code, refused.value.data["bad"], refused.value.data["good"]) == (
        "import_has_bad_rows",
        1,
        1,
    )
    assert stock(session, ids["item"]) == 10
    carry_out(session, owner, "stock.import", import_id=made.id, skip_bad=True)
    assert stock(session, ids["item"]) == 15


@pytest.mark.parametrize(("cell", "error"), [
    (1.5, "quantity_fraction"), (-3, "quantity_negative"), (0, "quantity_zero"), (10**7, "quantity_absurd"),
    ("열두개", "quantity_not_number"), ("2026-11-22", "quantity_is_date"), ("11월 22일", "quantity_is_date"),
    (date(2026, 11, 22), "quantity_is_date"), (None, "quantity_missing"), ("  ", "quantity_missing"), (True, "quantity_not_number"),
    ("1e5", "quantity_not_number"), ("-4", "quantity_negative"), (1e308, "quantity_absurd"),
])  # fmt: skip
def test_a_quantity_that_is_none_is_named(cell: object, error: str) -> None:
    (row, fine) = understand(
        read_sheet(workbook([["품목코드", "수량"], ["A-01", cell], ["A-02", 1]])), ImportKind.RECEIVE
    )
    assert row["wrong"] == error
    assert "wrong" not in fine
    assert say_error({**row, "error": error})


@pytest.mark.parametrize("cell", [7, 7.0, "7", "7개", " 7 ", "7 EA", "+7", "007"])
def test_a_whole_number_is_read_however_it_is_typed(cell: object) -> None:
    (row,) = understand(read_sheet(workbook([["품목코드", "수량"], ["A-01", cell]])), ImportKind.RECEIVE)
    assert row["quantity"] == 7


def test_a_code_that_excel_made_a_date_of_is_named(session: Session, ids: Ids, give: Give) -> None:
    made = give([["품목코드", "수량"], [date(2026, 3, 1), 2]])
    assert errors(made) == {2: "code_is_date"}


def test_formulas_are_not_trusted(session: Session, ids: Ids, give: Give) -> None:
    """What is stored beside a formula may be old or nothing: here Excel never computed it."""
    made = give([["품목코드", "수량"], [code(session, ids["item"]), "=2+3"], [code(session, ids["item_3"]), 1]])
    assert errors(made) == {2: "cell_formula"}


def test_merged_cells_are_named_but_a_merged_title_above_is_fine(session: Session, ids: Ids, give: Give) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "11월 입고")
        sheet.write_row(2, 0, ["품목코드", "수량"])
        sheet.merge_range(3, 0, 4, 0, code(session, ids["item"]))
        sheet.write(3, 1, 2)
        sheet.write(4, 1, 3)
        sheet.write_row(5, 0, [code(session, ids["item_3"]), 4])
    made = give(out.getvalue())
    assert errors(made) == {4: "cell_merged", 5: "cell_merged"}
    assert made.good == 1


def test_the_same_item_twice_is_named_with_its_first_row_also_by_its_barcode(
    session: Session, owner: Actor, ids: Ids, give: Give
) -> None:
    carry_out(session, owner, "item.update", item_ids=[ids["item"]], barcode="2000000000015")
    own = code(session, ids["item"])
    made = give([["품목코드", "바코드", "수량"], [own, None, 1], [own.lower(), None, 2], [None, 2000000000015, 3]])
    assert errors(made) == {3: "row_duplicate", 4: "row_duplicate"}
    assert {entry["data"]["first"] for entry in made.rows[1:]} == {2}


def test_empty_rows_are_no_rows(session: Session, ids: Ids, give: Give) -> None:
    made = give(
        [["품목코드", "수량"], [None, None], [code(session, ids["item"]), 2], ["", ""], [None, None], [None, 3]]
    )
    assert errors(made) == {6: "code_missing"}
    assert len(made.rows) == 2


def test_wrong_columns_are_told_with_what_was_found_and_what_is_needed(ids: Ids, give: Give) -> None:
    with pytest.raises(InvalidInput) as refused:
        give([["이름", "전화", "수량"], ["가", "나", 3]])
    told = refused.value.data
    assert refused.value.error_code == "import_columns"
    assert told["missing"] == ["품목코드"]
    assert told["found"] == ["이름", "전화", "수량"]
    assert told["expected"][0] == "품목코드"


def test_other_words_for_a_column_are_understood_in_any_order(session: Session, ids: Ids, give: Give) -> None:
    made = give([["비고", "입고 수량", "SKU"], ["급함", 4, code(session, ids["item"])]])
    assert (made.rows[0]["quantity"], made.rows[0]["note"], made.bad) == (4, "급함", 0)


@pytest.mark.parametrize(("body", "error"), [
    (b"", "import_empty_file"), (b"   \n", "import_empty_file"), (b"\x00\x01\x02\xff" * 50, "import_unreadable"),
    (b"PK\x03\x04 not a zip", "import_unreadable"), (b"\xd0\xcf\x11\xe0" + b"x" * 600, "import_unreadable"),
    (b"<html><table><tr><td>x</td></tr></table></html>", "import_unreadable"),
    (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "import_encrypted"),
    (b"x" * (10 * 1024 * 1024 + 1), "import_too_large"), ("품목코드,수량\n".encode(), "import_no_rows"),
])  # fmt: skip
def test_a_file_that_is_none_is_named(body: bytes, error: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        understand(read_sheet(body), ImportKind.RECEIVE)
    assert refused.value.error_code == error


def test_a_small_file_that_unfolds_to_gigabytes_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(32):
            packed.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 10_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(InvalidInput) as refused:
        read_sheet(out.getvalue())
    assert refused.value.error_code == "import_too_large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_as_excel_saves_it_in_korea_is_read(encoding: str, delimiter: str) -> None:
    text = f"품목코드{delimiter}수량{delimiter}메모\r\nA-01{delimiter}4{delimiter}새 물건\r\n"
    (row,) = understand(read_sheet(text.encode(encoding)), ImportKind.RECEIVE)
    assert (row["code"], row["quantity"], row["note"]) == ("A-01", 4, "새 물건")


def test_too_many_rows_are_counted_and_refused() -> None:
    body = ("품목코드,수량\n" + "A-1,1\n" * 50_001).encode()
    with pytest.raises(InvalidInput) as refused:
        read_sheet(body)
    assert (refused.value.error_code, refused.value.data["rows"]) == ("import_too_many_rows", 50_001)
    assert len(read_sheet(("품목코드,수량\n" + "A-1,1\n" * 50_000).encode()).rows) == 50_001


def test_an_issue_may_not_take_what_is_promised_since_the_file_was_checked(
    session: Session, owner: Actor, ids: Ids, give: Give
) -> None:
    made = give([["품목코드", "수량"], [code(session, ids["item"]), 9]], "issue")
    assert made.bad == 0
    ledger.reserve(session, owner.shop_id, ids["item"], 5)
    with pytest.raises(Conflict) as refused:
        carry_out(session, owner, "stock.import", import_id=made.id)
    assert refused.value.data["rows"] == [{"row": 2, "error": "stock_short"}]


def test_a_preview_of_a_file_is_stale_once_stock_moved(session: Session, owner: Actor, ids: Ids, give: Give) -> None:
    made = give([["품목코드", "실제수량"], [code(session, ids["item"]), 4]], "correct")
    plan = service.preview(session, owner, "stock.import", {"import_id": made.id})
    carry_out(session, owner, "stock.adjust", way="receive", lines=[{"item_id": ids["item"], "quantity": 1}])
    late = service.confirm(session, owner, plan.id, "key")
    assert late.state is PlanState.STALE
    service.confirm(session, owner, str(late.replaced_by), "key")
    assert stock(session, ids["item"]) == 4


def test_what_a_file_brought_and_is_gone_cannot_be_taken_back(
    session: Session, owner: Actor, ids: Ids, give: Give
) -> None:
    made = give([["품목코드", "수량"], [code(session, ids["item_3"]), 5]])
    done = carry_out(session, owner, "stock.import", import_id=made.id)
    carry_out(session, owner, "stock.adjust", way="issue", lines=[{"item_id": ids["item_3"], "quantity": 2}])
    with pytest.raises(Conflict) as refused:
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": done.id})
    assert refused.value.error_code == "stock_short"


ITEMS = ["품목코드", "상품명", "옵션", "바코드", "처음 재고", "안전재고", "거래처", "태그"]


def test_new_items_come_with_their_stock_and_known_ones_are_changed(
    session: Session, owner: Actor, ids: Ids, give: Give, setting: Set
) -> None:
    setting("option_tags", ["한정판매"])
    known = code(session, ids["item"])
    made = give([
        ITEMS,
        ["NEW-01", "울 머플러", "그레이 / FREE", "2000000000152", 12, 3, "secret of oneul", "한정판매"],
        [known, None, None, None, 99, 7, None, None],
    ], "items")  # fmt: skip
    assert made.bad == 0, errors(made)
    before = session.scalar(select(func.count()).select_from(StockItem))
    done = carry_out(session, owner, "stock.import", import_id=made.id)
    item = session.scalars(select(StockItem).where(StockItem.code == "NEW-01")).one()
    assert (item.name, item.stocked, item.safety, item.tags) == ("울 머플러 / 그레이 / FREE", 12, 3, ["한정판매"])
    assert sorted(item.options.values()) == ["FREE", "그레이"]
    changed = session.get_one(StockItem, ids["item"])
    session.refresh(changed)
    assert (changed.safety, changed.stocked) == (7, 10), "opening stock is for new items only"
    undo(session, owner, done)
    session.expire_all()
    assert (item.state, item.stocked) == (ItemState.REMOVED, 0)
    assert changed.safety == 3
    carry_out(session, owner, "stock.import", import_id=made.id)
    session.expire_all()
    assert (item.state, item.stocked, changed.safety) == (ItemState.ACTIVE, 12, 7)
    assert session.scalar(select(func.count()).select_from(StockItem)) == (before or 0) + 1, "it is the same item again"
    assert not unbalanced(session)


#: what follows the code of a new item, and the name of what is wrong with it
CANNOT_BE: list[tuple[list[object], str]] = [
    ([], "name_missing"), (["a", None, "2000000000153"], "barcode_check_digit"),
    (["a", None, "한글바코드"], "barcode_characters"), (["a", None, None, 1, 1, "없는 거래처"], "supplier_unknown"),
    (["a", None, None, None, None, None, "없는 태그"], "tag_unknown"), (["a", None, None, -1], "quantity_negative"),
    (["a" * 200], "text_too_long"),
]  # fmt: skip


def test_items_that_cannot_be_are_named(give: Give) -> None:
    made = give([ITEMS, *([f"NEW-{number:02d}", *row] for number, (row, _) in enumerate(CANNOT_BE))], "items")
    assert errors(made) == {number: error for number, (_, error) in enumerate(CANNOT_BE, 2)}
    assert all(say_error(row) for row in made.rows)


def test_two_rows_may_not_claim_one_barcode(give: Give) -> None:
    made = give([ITEMS, ["N-01", "a", None, "2000000000152"], ["N-02", "b", None, "2000000000152"]], "items")
    assert errors(made) == {3: "barcode_taken"}


def test_an_item_edited_since_is_not_put_back_over_the_edit(
    session: Session, owner: Actor, ids: Ids, give: Give
) -> None:
    made = give([ITEMS, [code(session, ids["item"]), None, None, None, None, 7]], "items")
    done = carry_out(session, owner, "stock.import", import_id=made.id)
    carry_out(session, owner, "item.update", item_ids=[ids["item"]], safety=9)
    with pytest.raises(EditConflict):
        service.preview(session, owner, "undo", {"source_type": "plan", "source_id": done.id})


def test_the_template_is_read_by_the_reader(session: Session, shop: Shop, ids: Ids) -> None:
    for kind in ImportKind:
        document = kind_named("stock_template")
        file = document.make(session, shop, document.params(kind=kind))
        heading = CalamineWorkbook.from_filelike(io.BytesIO(file.body)).get_sheet_by_index(0).to_python()[0]
        assert heading == [column.title for column in columns_of(kind)]
        with pytest.raises(InvalidInput) as empty:
            hand_in(session, _owner(session), kind, file.name, file.body)
        assert empty.value.error_code == "import_no_rows", "its columns are understood"


def _owner(session: Session) -> Actor:
    from backend.access.actor import member_actor
    from backend.shops.models import Member

    return member_actor(session.get_one(Member, "mem_oneul_owner"))


def test_the_results_say_of_every_row_what_it_does_and_never_hold_a_formula(
    session: Session, shop: Shop, ids: Ids, give: Give
) -> None:
    made = give([["품목코드", "수량"], [code(session, ids["item"]), 5], ["@SUM(1+1)", 3]])
    document = kind_named("stock_import_results")
    file = document.make(session, shop, document.params(import_id=made.id))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.body)).get_sheet_by_index(0).to_python()
    assert [row[-1] for row in rows[1:]] == ["정상", "@SUM(1+1)은 재고목록에 없어요."]
    assert rows[1][4:6] == [10, 15]
    with zipfile.ZipFile(io.BytesIO(file.body)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_customs_data_of_many_items_comes_from_a_file_and_goes_with_its_undo(
    session: Session, owner: Actor, ids: Ids, give: Give
) -> None:
    heading = ["품목코드", "영문상품명", "HS코드", "원산지", "무게(g)"]
    wrong = give(
        [
            heading,
            [code(session, ids["item"]), "울 가디건", 611011, "한국", 320],
            [code(session, ids["item_3"]), "Cotton socks", "12", "KR", 80],
            [code(session, ids["item_2"]), "Belt", "4203.30", "화성", 80],
        ],
        "items",
    )
    assert errors(wrong) == {2: "english_name_invalid", 3: "hs_code_invalid", 4: "country_invalid"}
    assert all("{" not in said for said in (say_error(entry) for entry in wrong.rows))
    good = give([heading, [code(session, ids["item"]), "Wool cardigan", 6110.11, "한국", "320"]], "items")
    plan = carry_out(session, owner, "stock.import", import_id=good.id)
    item = session.get_one(StockItem, ids["item"])
    session.refresh(item)
    kept = (item.english_name, item.hs_code, item.origin_country, item.weight_g)
    assert kept == ("Wool cardigan", "611011", "KR", 320)
    undo(session, owner, plan)
    session.refresh(item)
    assert (item.english_name, item.hs_code, item.origin_country) != kept[:3]
