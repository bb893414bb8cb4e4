"""Cafe24 Admin API, Boards articles and their comments: what buyers ask on the mall's product board (number 6), and the
seller's comment under it."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_hex

from backend.inquiries.collected import CollectedInquiry
from backend.kit import clock
from backend.markets.gateway.reading import Row, each, moment_of, rows_of, text

ARTICLES = "/api/v2/admin/boards/6/articles"
PAGE = 100
ANSWERED = "C"


class Cafe24Questions:
    def __init__(self, call: Callable[..., Row], seller: str) -> None:
        self._call, self._seller = call, seller

    def unanswered(self, since: datetime) -> list[CollectedInquiry]:
        found: list[CollectedInquiry] = []
        offset, rows = 0, [Row()] * PAGE
        while len(rows) == PAGE:
            asked = {
                "start_date": _said(since), "end_date": _said(clock.now()), "limit": PAGE, "offset": offset,
            }  # fmt: skip
            rows = rows_of(self._call("GET", ARTICLES, params=asked), "articles")
            waiting = [row for row in rows if row.get("reply_status") != ANSWERED]
            found += each(waiting, lambda row: str(row["article_no"]), question_of)[0]
            offset += PAGE
        return found

    def answer(self, said: Row) -> None:
        """The password protects the comment from being edited on the board; nobody needs it again."""
        comment = {"content": said["text"], "writer": self._seller, "password": token_hex(8)}
        path = f"{ARTICLES}/{said['inquiry_no']}/comments"
        self._call("POST", path, json={"shop_no": 1, "request": comment})

    def has(self, said: Row) -> bool:
        """Whether that answer stands under the question already."""
        body = self._call("GET", f"{ARTICLES}/{said['inquiry_no']}/comments")
        return any(row.get("content") == said["text"] for row in rows_of(body, "comments"))


def question_of(row: Row) -> CollectedInquiry:
    return CollectedInquiry(
        str(row["article_no"]), moment_of(row["created_date"]), str(row["content"]), text(row.get("writer")),
        text(row.get("product_no")),
    )  # fmt: skip


def _said(at: datetime) -> str:
    return clock.seoul(at).strftime("%Y-%m-%d %H:%M:%S")
