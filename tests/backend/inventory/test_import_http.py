"""Files over HTTP: as a body, as a form, and on the page a chat's link opens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access import tokens
from backend.access.actor import Actor, member_actor
from backend.conversations.models import Message
from backend.inventory.models import StockImport, StockItem
from backend.shops.models import Member
from tests.backend.inventory.conftest import stock
from tests.contract.seeded_stock import workbook

Ids = dict[str, str]
Client = Callable[[Actor | None], TestClient]
URL = "/api/inventory/imports"


@pytest.fixture
def talking(session: Session, ids: Ids) -> Actor:
    return member_actor(session.get_one(Member, "mem_oneul_owner"), ids["conversation_of_owner"])


@pytest.fixture
def body(session: Session, ids: Ids) -> bytes:
    code = session.get_one(StockItem, ids["item"]).code
    made = workbook([["품목코드", "수량"], [code, 5], ["없는코드", 1]])
    session.commit()
    return made


def test_a_file_comes_as_a_body_or_as_a_form_and_is_the_same_file(client: Client, owner: Actor, body: bytes) -> None:
    asks = client(owner)
    sent = asks.post(URL, params={"kind": "receive", "file_name": "입고.xlsx"}, content=body)
    assert sent.status_code == 201, sent.text
    told = sent.json()
    assert (told["good"], told["bad"], told["errors"], told["file_name"]) == (1, 1, {"code_unknown": 1}, "입고.xlsx")
    assert told["rows"][0]["error"] == "code_unknown", "the wrong ones first"
    form = asks.post(URL, params={"kind": "receive"}, files={"file": ("다른이름.xlsx", body)})
    assert form.json()["id"] == told["id"]
    rows = asks.get(f"{URL}/{told['id']}/rows", params={"which": "good"}).json()
    assert [(row["before"], row["after"]) for row in rows["rows"]] == [(10, 15)]
    link = asks.get(f"{URL}/{told['id']}/results").json()
    opened = client(None).get(link["path"])
    assert opened.headers["content-disposition"].startswith("attachment")


def test_what_cannot_be_a_file_is_refused_with_its_name(client: Client, owner: Actor, ids: Ids) -> None:
    asks = client(owner)
    for given, code in (
        ({"content": b""}, "import_empty_file"),
        ({"content": b"x" * (11 * 1024 * 1024)}, "import_too_large"),
        ({"content": b"no form", "headers": {"content-type": "multipart/form-data; boundary=x"}}, "import_unreadable"),
        ({"files": {"other": ("a.csv", b"x")}}, "import_empty_file"),
        ({"content": b"a,b\n1,2\n"}, "import_columns"),
    ):
        refused = asks.post(URL, params={"kind": "receive"}, **given)
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert asks.post(URL, params={"kind": "gift"}, content=b"x").status_code == 422


def test_the_page_checks_a_file_and_tells_its_person_in_their_thread(
    client: Client, session: Session, talking: Actor, ids: Ids, body: bytes
) -> None:
    page = client(talking).get(f"{URL}/page").json()["path"]
    browser = client(None)
    assert "엑셀" in browser.get(page).text
    answer = browser.post(page, data={"kind": "receive"}, files={"file": ("입고.xlsx", body)})
    assert answer.status_code == 200
    assert "3행" in answer.text
    assert stock(session, ids["item"]) == 10, "only checked"
    session.rollback()
    last = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert last.conversation_id == talking.conversation_id
    file = session.scalars(select(StockImport).where(StockImport.file_name == "입고.xlsx")).one()
    assert file.id in str(last.blocks)


def test_a_bad_file_is_explained_on_the_page_and_leaves_nothing(
    client: Client, session: Session, talking: Actor, ids: Ids
) -> None:
    before = session.query(StockImport).count()
    session.commit()
    page = client(talking).get(f"{URL}/page").json()["path"]
    answer = client(None).post(
        page, data={"kind": "receive"}, files={"file": ("x.xlsx", b"no spreadsheet,at all\n1,2")}
    )
    assert answer.status_code == 422
    assert "품목코드" in answer.text
    session.rollback()
    assert session.query(StockImport).count() == before


def test_a_link_is_of_one_person_and_of_half_an_hour(client: Client, session: Session, owner: Actor, ids: Ids) -> None:
    session.commit()
    old = tokens.issue("stock_file", owner.id, timedelta(seconds=-1), conversation=ids["conversation_of_owner"])
    other = tokens.issue("document", owner.id, timedelta(minutes=5))
    browser = client(None)
    assert browser.get(f"/stock-files/{old}").status_code == 401
    assert browser.get(f"/stock-files/{other}").status_code == 404
    assert browser.get("/stock-files/nonsense").status_code == 404
    crossed = tokens.issue(
        "stock_file", "mem_other_owner", timedelta(minutes=5), conversation=ids["conversation_of_owner"]
    )
    code = session.get_one(StockItem, "itm_other_1").code
    session.rollback()
    sent = browser.post(
        f"/stock-files/{crossed}",
        data={"kind": "receive"},
        files={"file": ("x.xlsx", workbook([["품목코드", "수량"], [code, 5]]))},
    )
    assert "품목" not in sent.text or sent.status_code in (404, 422), "nothing is told into another shop's thread"
    assert not session.scalars(select(Message).where(Message.text.contains("x.xlsx"))).all()
