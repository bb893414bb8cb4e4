"""Naver Commerce API, contents/qnas: buyers' questions about products, and the seller's answer (registered or changed by
one and the same call)."""

from collections.abc import Callable
from datetime import datetime

from backend.inquiries.collected import CollectedInquiry
from backend.kit import clock
from backend.markets.gateway.reading import Row, each, moment_of, rows_of, text

QNAS = "/external/v1/contents/qnas"
PAGE = 100


class NaverQuestions:
    def __init__(self, call: Callable[..., Row]) -> None:
        self._call = call

    def unanswered(self, since: datetime) -> list[CollectedInquiry]:
        found: list[CollectedInquiry] = []
        page, last = 1, False
        while not last:
            body = self._call("GET", QNAS, params={
                "page": page, "size": PAGE, "answered": "false", "fromDate": _said(since), "toDate": _said(clock.now()),
            })  # fmt: skip
            found += each(rows_of(body, "contents"), lambda row: str(row["questionId"]), question_of)[0]
            page, last = page + 1, bool(body.get("last", True))
        return found

    def answer(self, said: Row) -> None:
        self._call("PUT", f"{QNAS}/{said['inquiry_no']}", json={"commentContent": said["text"]})

    def has(self, said: Row) -> bool:
        """Never asked: the same answer put again is the same answer."""
        return False


def question_of(row: Row) -> CollectedInquiry:
    return CollectedInquiry(
        str(row["questionId"]), moment_of(row["createDate"]), str(row["question"]), text(row.get("maskedWriterId")),
        text(row.get("productId")),
    )  # fmt: skip


def _said(at: datetime) -> str:
    return clock.seoul(at).isoformat(timespec="milliseconds")
