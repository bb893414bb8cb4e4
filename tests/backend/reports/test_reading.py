"""The four addresses, the signed links, and a PDF that says what the JSON says."""

import builtins
import io
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fastapi.testclient import TestClient

from backend.access import tokens
from backend.documents import pdf
from backend.errors import PROBLEM, Unavailable
from backend.kit import clock
from backend.reports.links import CLICKED_FOR, links_of
from backend.reports.publish import publish_due
from tests.backend.reports.conftest import LAST, MONDAY_NINE, days, ran, renamed, sell

WEEKLY = f"/api/reports/weekly/{LAST.monday}"
THIS = f"/api/reports/weekly/{LAST.next.monday}"
Client = Callable[[Any], TestClient]


@pytest.fixture
def published(session, shop, products) -> None:
    """A report with runs, a measured comparison and one that is too early."""
    changed = LAST.monday - timedelta(days=5)
    renamed(session, shop, products, changed)
    for product in products:
        sell(session, product, days(changed - timedelta(days=8), 8), orders=2)
        sell(session, product, days(changed, 12), orders=7, views=300)
    ran(session, shop, "promotion_coupon", None, LAST.monday)
    renamed(session, shop, products[:1], LAST.sunday)
    session.commit()
    with clock.frozen(MONDAY_NINE):
        publish_due()


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def test_a_past_week_is_final_and_the_running_one_is_not(published, owner, client: Client) -> None:
    last, this = client(owner).get(WEEKLY).json(), client(owner).get(THIS).json()
    assert (last["state"], last["sunday"], last["previous"]) == ("final", str(LAST.sunday), None)
    assert (this["state"], this["made_at"], this["previous"]) == ("in_progress", None, str(LAST.monday))
    assert "진행 중" in client(owner).get(f"{THIS}/page").text
    assert "진행 중" not in client(owner).get(f"{WEEKLY}/page").text.replace("진행 중인 업무", "")


def test_a_week_that_just_ended_is_counted_live_and_said_to_be(session, shop, owner, client: Client) -> None:
    with clock.frozen(MONDAY_NINE - timedelta(hours=1)):
        told = client(owner).get(WEEKLY).json()
        assert told["state"] == "provisional"
        assert "집계 중" in client(owner).get(f"{WEEKLY}/page").text


@pytest.mark.parametrize(
    ("monday", "status", "code"),
    [
        ("2026-11-23", 404, "report_not_yet"),
        ("2026-11-02", 404, "report_missing"),
        ("2026-11-10", 422, "not_a_monday"),
        ("2026-13-01", 422, "invalid_input"),
        ("1990-01-01", 422, "invalid_input"),
    ],
)
def test_other_weeks_are_refused_with_the_reason(published, owner, client: Client, monday, status, code) -> None:
    for end in ("", "/page", "/pdf"):
        refused = client(owner).get(f"/api/reports/weekly/{monday}{end}")
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert refused.headers["content-type"] == PROBLEM
        if status == 422:
            assert refused.json()["fields"][0]["field"] == "path.monday"


def test_past_weeks_are_listed_newest_first_in_pages(session, shop, owner, client: Client) -> None:
    session.commit()
    for weeks in range(3):
        with clock.frozen(MONDAY_NINE + timedelta(weeks=weeks)):
            publish_due()
    with clock.frozen(MONDAY_NINE + timedelta(weeks=3)):
        first = client(owner).get("/api/reports/weekly", params={"limit": 2}).json()
        rest = client(owner).get("/api/reports/weekly", params={"limit": 2, "offset": 2}).json()
    assert [row["monday"] for row in first["items"] + rest["items"]] == ["2026-11-23", "2026-11-16", "2026-11-09"]
    assert first["total"] == 3


def test_a_link_opens_its_report_without_a_token(published, owner, client: Client) -> None:
    links = client(owner).get(WEEKLY).json()["links"]
    page, document = client(None).get(links["page"]), client(None).get(links["pdf"])
    assert page.status_code == 200 and "oneul 상점" in page.text and f'href="{links["pdf"]}"' in page.text
    assert document.content.startswith(b"%PDF-")
    for answer in (page, document):
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_link_is_of_one_shop_and_one_week(published, stranger, client: Client) -> None:
    theirs = client(stranger).get(WEEKLY).json()
    assert theirs["contents"]["runs"]["done"] == 0
    assert "other 상점" in client(None).get(theirs["links"]["page"]).text
    of_no_report = links_of("shop_oneul", LAST.previous.previous, CLICKED_FOR)
    assert client(None).get(of_no_report.page).status_code == 404
    assert client(None).get(links_of("shop_gone", LAST, CLICKED_FOR).page).status_code == 404


def test_an_expired_link_is_a_page_that_says_what_to_do(published, owner, client: Client) -> None:
    links = client(owner).get(WEEKLY).json()["links"]
    with clock.frozen(clock.now() + CLICKED_FOR):
        for path in (links["page"], links["pdf"]):
            refused = client(None).get(path)
            assert (refused.status_code, refused.headers["content-type"]) == (401, "text/html; charset=utf-8")
            assert "유효 시간이 지났어요" in refused.text and "주간 보고서" in refused.text


def test_no_other_token_and_no_forged_one_opens_a_report(published, owner, client: Client) -> None:
    good = client(owner).get(WEEKLY).json()["links"]["page"].removeprefix("/reports/")
    session_token = tokens.issue("session", "mem_oneul_owner", tokens.SESSION_FOR, week=str(LAST.monday))
    no_week = tokens.issue("report", "shop_oneul", CLICKED_FOR)
    no_monday = tokens.issue("report", "shop_oneul", CLICKED_FOR, week="2026-11-10")
    for token in (session_token, no_week, no_monday, good[:-4] + "AAAA", "nonsense", "가나다"):
        refused = client(None).get(f"/reports/{token}")
        assert refused.status_code == 404 and "주소가 맞지 않아요" in refused.text
    headers = {"authorization": f"Bearer {good}"}
    assert client(None).get(WEEKLY, headers=headers).status_code == 401


def test_names_are_escaped_on_the_page(session, shop, published, owner, client: Client) -> None:
    shop.name = "<script>alert(1)</script>"
    session.commit()
    assert "<script" not in client(owner).get(f"{WEEKLY}/page").text


def test_every_chart_has_a_title_and_its_numbers_in_a_table(published, owner, client: Client) -> None:
    page = client(owner).get(f"{WEEKLY}/page").text
    charts = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert len(charts) == 2  # runs by day, one pair; no coupon was used
    for chart in charts:
        assert 'role="img"' in chart and re.search(r"<title id=[^>]+>[^<]*\d", chart)
    told = client(owner).get(WEEKLY).json()["contents"]["effect"]["compared"]
    (measured,) = [one for one in told if one["verdict"] == "measured"]
    for side in ("before", "after"):
        assert f"{measured[side]['orders']:,}건</td>" in page and f"{measured[side]['sales']:,}원</td>" in page


def test_the_pdf_says_the_same_figures_as_the_json(published, owner, client: Client) -> None:
    answer = client(owner).get(f"{WEEKLY}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    said, told = text_of(answer.content), client(owner).get(WEEKLY).json()["contents"]
    assert "주간 운영 보고서" in said and "11월 9일(월)" in said
    assert re.search(rf"완료한 작업\s+바뀐 내용\s+쿠폰 혜택\s+확인하실 일|완료한 작업\s*{told['runs']['done']}건", said)
    (measured,) = [one for one in told["effect"]["compared"] if one["verdict"] == "measured"]
    for side in ("before", "after"):
        for figure in (f"{measured[side]['orders']:,}건", f"{measured[side]['sales']:,}원"):
            assert figure in said
        assert f"{100 * measured[side]['conversion']:.2f}%" in said
    assert f"{measured['rest_before']:,}건" in said
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert f"1 / {len(pages)}" in pages[0].extract_text()
    fonts = {str(font["/BaseFont"]) for page in pages for font in map(_read, page["/Resources"]["/Font"].values())}
    assert all("+" in name for name in fonts), "every font is embedded, as a subset"


def _read(font: Any) -> Any:
    return font.get_object()


def test_an_empty_shop_has_a_page_and_a_pdf(session, shop, owner, client: Client) -> None:
    session.commit()
    page = client(owner).get(f"{WEEKLY}/page")
    assert (
        page.status_code == 200
        and "실행된 작업이 없어요" in page.text
        and "비교할 만한 상품 변경이 없었어요" in page.text
    )
    assert "실행된 작업이 없어요" in text_of(client(owner).get(f"{WEEKLY}/pdf").content)


def test_without_pango_the_pdf_says_what_is_missing_and_the_page_still_opens(
    published, owner, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    pdf._made.cache_clear()
    refused = client(owner).get(f"{WEEKLY}/pdf")
    assert (refused.status_code, refused.headers["content-type"]) == (503, PROBLEM)
    assert refused.json()["packages"][0] == "libpango-1.0-0"
    assert client(owner).get(f"{WEEKLY}/page").status_code == 200
    opened = client(None).get(client(owner).get(WEEKLY).json()["links"]["pdf"])
    assert opened.status_code == 503 and "libpango-1.0-0" in opened.text


@contextmanager
def _listening(asked: list[str]) -> Iterator[str]:
    """A server that notes what it is asked for."""

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_pdf_loads_nothing_from_anywhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="20"><text y="15">secret</text></svg>')
    asked: list[str] = []
    with _listening(asked) as address:
        made = pdf.pdf_of(
            f'<p>hello</p><img src="{secret.as_uri()}"><img src="{address}/a.svg"><link rel="stylesheet" href="{address}/b">'
        )
    assert (text_of(made).strip(), asked) == ("hello", [])


def test_a_second_pdf_waits_for_the_first_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 0.05)
    with pdf._one_at_a_time, pytest.raises(Unavailable) as refused:
        pdf.pdf_of("<p>hello</p>")
    assert refused.value.error_code == "pdf_busy"
