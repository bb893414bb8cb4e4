"""What buyers ask on the markets, and the seller's answers: asked by tests and the demo, read and answered as each market
documents it (Naver contents/qnas, Coupang onlineInquiries v5 and replies v4, Cafe24 Boards articles and comments)."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response

from backend.kit import clock
from backend.markets.sandbox import naver
from backend.markets.sandbox.cafe24 import MallDep, StatusBody, StoreDep, moment
from backend.markets.sandbox.coupang import OPEN, PREFIX, VendorDep
from backend.markets.sandbox.flow import Refused
from backend.markets.sandbox.store import Doc, Store, stamp

router = APIRouter()
WEEK = timedelta(days=7)
BOARD = "/cafe24/{mall}/api/v2/admin/boards/6/articles"
QNAS = "/naver/external/v1/contents/qnas"


def ask(store: Store, market: str, seller: str, asked: Doc) -> str:
    """The question's number."""
    number = str(store.number("question", 310_000_001))
    store.run(
        "insert into questions values (?, ?, ?, ?, ?, ?, ?, null, null)", market, seller, number, asked.get("at") or
        stamp(clock.now()), asked.get("product_no"), asked.get("buyer"), asked["text"],
    )  # fmt: skip
    return number


def _between(store: Store, market: str, seller: str, start: str, end: str) -> list[Any]:
    return store.rows(
        "select * from questions where market = ? and seller = ? and at >= ? and at <= ? order by at, number",
        market, seller, start, end,
    )  # fmt: skip


def answer(store: Store, market: str, seller: str, number: str, text: str, *, again: bool = False) -> None:
    """A second answer is refused, unless the market takes it in the place of the first (`again`)."""
    with store.together():
        found = store.rows(
            "select answer from questions where market = ? and seller = ? and number = ?", market, seller, number
        )
        if not found:
            raise Refused("NOT_FOUND", f"no question {number}")
        if found[0]["answer"] is not None and not again:
            raise Refused("ALREADY_ANSWERED", f"question {number} is answered")
        store.run(
            "update questions set answer = ?, answered_at = ? where market = ? and seller = ? and number = ?",
            text, stamp(clock.now()), market, seller, number,
        )  # fmt: skip
        store.did(market, seller, "answer", None, None, {"number": number, "text": text})


@router.get(QNAS)
def qnas(
    seller: naver.SellerDep, store: StoreDep, fromDate: datetime, toDate: datetime, answered: bool | None = None,
    page: int = 1, size: Annotated[int, Query(ge=1, le=100)] = 100,
) -> dict[str, Any]:  # fmt: skip
    rows = _between(store, "naver", seller, stamp(fromDate), stamp(toDate))
    rows = [row for row in rows if answered is None or (row["answer"] is not None) == answered]
    shown = [
        {
            "createDate": row["at"], "question": row["text"], "answer": row["answer"], "answered": row["answer"] is not None,
            "productId": int(row["product_no"]) if row["product_no"] else None, "maskedWriterId": row["buyer"],
            "questionId": int(row["number"]),
        }
        for row in rows[(page - 1) * size : page * size]
    ]  # fmt: skip
    return {"contents": shown, "page": page, "size": size, "totalElements": len(rows), "last": page * size >= len(rows)}


@router.put(QNAS + "/{number}", status_code=204)
def answer_qna(seller: naver.SellerDep, store: StoreDep, number: str, body: dict[str, Any]) -> Response:
    answer(store, "naver", seller, number, str(body["commentContent"]), again=True)
    return Response(status_code=204)


@router.get(PREFIX + OPEN + "/v5/vendors/{vendor}/onlineInquiries")
def online_inquiries(
    vendor: VendorDep, store: StoreDep, answeredType: str, inquiryStartAt: str, inquiryEndAt: str, pageNum: int = 1,
    pageSize: Annotated[int, Query(ge=1, le=50)] = 10,
) -> dict[str, Any]:  # fmt: skip
    start, end = datetime.fromisoformat(inquiryStartAt), datetime.fromisoformat(inquiryEndAt)
    if end - start >= WEEK:
        raise HTTPException(400, "at most 7 days")
    rows = _between(store, "coupang", vendor, moment(inquiryStartAt), moment(f"{inquiryEndAt} 23:59:59"))
    wanted = {"ALL": (True, False), "ANSWERED": (True,), "NOANSWER": (False,)}[answeredType]
    rows = [row for row in rows if (row["answer"] is not None) in wanted]
    shown = [
        {
            "inquiryId": int(row["number"]), "sellerProductId": int(row["product_no"]) if row["product_no"] else None,
            "content": row["text"], "inquiryAt": row["at"],
            "commentDtoList": [{"content": row["answer"], "inquiryCommentAt": row["answered_at"]}] if row["answer"] else [],
        }
        for row in rows[(pageNum - 1) * pageSize : pageNum * pageSize]
    ]  # fmt: skip
    pages = max(1, -(-len(rows) // pageSize))
    paging = {"currentPage": pageNum, "countPerPage": pageSize, "totalPages": pages, "totalElements": len(rows)}
    return {"code": 200, "message": "OK", "data": {"content": shown, "pagination": paging}}


@router.post(PREFIX + OPEN + "/v4/vendors/{vendor}/onlineInquiries/{number}/replies")
def reply(vendor: VendorDep, store: StoreDep, number: str, body: dict[str, Any]) -> dict[str, Any]:
    answer(store, "coupang", vendor, number, str(body["content"]))
    return {"code": "200", "message": "", "data": True}


@router.get(BOARD)
def articles(
    mall: MallDep, store: StoreDep, start_date: str, end_date: str, limit: Annotated[int, Query(ge=1, le=100)] = 10,
    offset: int = 0,
) -> dict[str, Any]:  # fmt: skip
    rows = _between(store, "cafe24", mall, moment(start_date), moment(end_date))[offset : offset + limit]
    return {"articles": [
        {
            "shop_no": 1, "article_no": int(row["number"]), "board_no": 6, "writer": row["buyer"], "content": row["text"],
            "created_date": row["at"], "product_no": int(row["product_no"]) if row["product_no"] else None,
            "reply_status": "N" if row["answer"] is None else "C",
        }
        for row in rows
    ]}  # fmt: skip


@router.get(BOARD + "/{number}/comments")
def comments(mall: MallDep, store: StoreDep, number: str) -> dict[str, Any]:
    found = store.rows("select * from questions where market = 'cafe24' and seller = ? and number = ?", mall, number)
    if not found:
        raise HTTPException(404, "The article is not found")
    return {"comments": [{"comment_no": 1, "content": row["answer"]} for row in found if row["answer"] is not None]}


@router.post(BOARD + "/{number}/comments", status_code=201)
def comment(mall: MallDep, store: StoreDep, number: str, body: StatusBody) -> dict[str, Any]:
    if not body.request.get("password"):
        raise Refused("MISSING_PASSWORD", "[password] is a required field")
    answer(store, "cafe24", mall, number, str(body.request["content"]))
    return {"comment": {"shop_no": 1, "board_no": 6, "article_no": int(number), "comment_no": 1}}
