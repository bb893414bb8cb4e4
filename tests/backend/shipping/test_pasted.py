"""Lists of tracking numbers as people paste them and as couriers' programs export them."""

from io import BytesIO

import pytest
import xlsxwriter

from backend.errors import OpsTalkError
from backend.shipping.pasted import read_file, read_text
from tests.backend.shipping.build import add_item, add_order, carry_out, label


def told(rows):
    return [(n, (i.order_id, i.courier, i.tracking_no.replace("-", "")) if i else None) for n, i in rows]


GOOD = ("20261118-0000001", "CJ대한통운", "612345678901")


@pytest.mark.parametrize("line", [
    "20261118-0000001 CJ대한통운 612345678901", "20261118-0000001\tCJ대한통운\t6123-4567-8901", "CJ대한통운 20261118-0000001 612345678901",
    "20261118-0000001, CJ대한통운, 612345678901", "  20261118-0000001   CJ대한통운: 612345678901  ",
])  # fmt: skip
def test_a_pasted_line_is_read(line: str) -> None:
    assert told(read_text(line)) == [(1, GOOD)]


def test_lines_that_lack_something_are_told_with_their_place() -> None:
    text = "20261118-0000001 CJ대한통운 612345678901\n\n배송 부탁해요\n20261118-0000002 612345678902"
    assert told(read_text(text)) == [(1, GOOD), (3, None), (4, None)]


def test_pasted_cells_with_a_heading_are_read_by_it() -> None:
    text = "송장번호\t받는분\t택배사\t주문번호\n612345678901\t김민수\tCJ대한통운\t20261118-0000001"
    assert told(read_text(text)) == [(2, GOOD)]


def sheet(rows) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            page.write(r, c, cell)
    book.close()
    return out.getvalue()


def test_a_spreadsheet_with_a_title_above_and_numbers_as_numbers_is_read() -> None:
    body = sheet(
        [
            ["11월 송장"],
            [],
            ["No", "주문번호", "운송장번호", "택배사"],
            [1, GOOD[0], 612345678901, GOOD[1]],
            [2, "", "", ""],
            [3, "x", None, "cj"],
        ]
    )
    assert told(read_file(body, "list.xlsx")) == [(4, GOOD), (5, None), (6, None)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_a_csv_is_read_in_the_encodings_people_have(encoding: str) -> None:
    body = f"주문번호,택배사,송장번호\n{','.join(GOOD)}\n".encode(encoding)
    assert told(read_file(body, "list.csv")) == [(2, GOOD)]


@pytest.mark.parametrize("body, name, code", [
    (b"", "a.xlsx", "invoice_file_unreadable"), (b"PK\x03\x04broken", "a.xlsx", "invoice_file_unreadable"),
    (sheet([["이름", "전화"], ["a", "b"]]), "a.xlsx", "invoice_columns"), (b"\xff\xfe\x00", "a.csv", "invoice_file_unreadable"),
    (sheet([["주문번호", "택배사", "송장번호"], *[["1", "cj", "1"]] * 1001]), "a.xlsx", "invoice_file_long"), (sheet([]), "a.xlsx", "invoice_columns"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(body: bytes, name: str, code: str) -> None:
    with pytest.raises(OpsTalkError) as caught:
        read_file(body, name)
    assert caught.value.error_code == code


def test_what_was_read_is_checked_and_registers_as_it_is(session, shop, owner, client) -> None:
    item = add_item(session, shop)
    for number in (1, 2, 3):
        add_order(session, shop, [(item, 1)], number)
    session.commit()
    http = client(owner)
    text = f"{' '.join(GOOD)}\n20261118-0000002 총알 612345678902\n20261118-0000003 롯데 1"
    answer = http.post("/api/shipping/invoices/read", json={"text": text}).json()
    assert [(row["row"], row["code"]) for row in answer["rows"]] == [
        (1, None),
        (2, "invoice_row_unclear"),
        (3, "tracking_no_shape"),
    ]
    assert (answer["good"], answer["bad"]) == (1, 2)
    carry_out(session, owner, "invoice.register", items=answer["items"])
    session.commit()
    body = sheet([["주문번호", "택배사", "송장번호"], ["20261118-0000002", "한진", "6123456789"]])
    headers = {"content-type": "application/octet-stream"}
    read = http.post("/api/shipping/invoices/read-file?name=a.xlsx", content=body, headers=headers)
    assert read.status_code == 200 and read.json()["good"] == 1, read.text


def test_parcels_and_labels_are_found_over_http(session, shop, owner, stranger, client) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)])
    label(session, owner, order)
    session.commit()
    http = client(owner)
    found = http.get("/api/shipping/parcels", params={"state": "labelled", "text": "0000001"}).json()
    assert found["total"] == 1 and found["items"][0]["order_nos"] == [order.order_no]
    assert http.get("/api/shipping/parcels", params={"text": "%"}).json()["total"] == 0
    one = http.get(f"/api/shipping/parcels/{found['items'][0]['id']}").json()
    assert one["lines"][0]["quantity"] == 1 and one["blockers"] == []
    link = http.get("/api/shipping/labels", params={"order_id": order.order_no}).json()
    opened = http.get(link["link"]["path"])
    assert opened.headers["content-type"] == "application/pdf" and opened.content[:4] == b"%PDF"
    assert http.get("/api/shipping/labels", params={"unprinted": True}).json()["count"] == 1
    carry_out(session, owner, "labels.mark_printed", order_ids=[order.order_no])
    session.commit()
    assert http.get("/api/shipping/labels", params={"unprinted": True}).status_code == 404
    assert {c["key"] for c in http.get("/api/shipping/couriers").json()} >= {"cj", "hanjin", "epost"}
    theirs = client(stranger)
    assert theirs.get(f"/api/shipping/parcels/{one['id']}").status_code == 404
    assert theirs.get("/api/shipping/labels", params={"order_id": order.id}).status_code == 404
