"""Coupang Open API, onlineInquiries: buyers' questions about products (a window of at most seven days) and replies."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from backend.inquiries.collected import CollectedInquiry
from backend.kit import clock
from backend.markets.gateway.reading import Row, each, moment_of, rows_of, text

OPEN = "/v2/providers/openapi/apis/api"
PAGE = 50
WINDOW = timedelta(days=6)  # first and last day are both in it


class CoupangQuestions:
    def __init__(self, call: Callable[..., Row], seller: str) -> None:
        self._call, self._seller = call, seller

    def unanswered(self, since: datetime) -> list[CollectedInquiry]:
        rows = list(self._rows(max(since, clock.now() - WINDOW), clock.now(), "NOANSWER"))
        return each(rows, lambda row: str(row["inquiryId"]), question_of)[0]

    def answer(self, said: Row) -> None:
        body = {"content": said["text"], "vendorId": self._seller, "replyBy": self._seller}
        self._call("POST", f"{OPEN}/v4/vendors/{self._seller}/onlineInquiries/{said['inquiry_no']}/replies", body=body)

    def has(self, said: Row) -> bool:
        """Whether that answer stands under the question already."""
        asked = moment_of(said["asked_at"])
        for row in self._rows(asked, asked, "ANSWERED"):
            if str(row["inquiryId"]) == str(said["inquiry_no"]):
                return any(reply.get("content") == said["text"] for reply in row.get("commentDtoList") or [])
        return False

    def _rows(self, start: datetime, end: datetime, answered: str) -> Iterator[Row]:
        page = 1
        while True:
            data = self._call("GET", f"{OPEN}/v5/vendors/{self._seller}/onlineInquiries", {
                "answeredType": answered, "inquiryStartAt": _day(start), "inquiryEndAt": _day(end), "pageNum": page,
                "pageSize": PAGE,
            }).get("data") or {}  # fmt: skip
            yield from rows_of(data, "content")
            if page >= int((data.get("pagination") or {}).get("totalPages") or 1):
                return
            page += 1


def question_of(row: Row) -> CollectedInquiry:
    return CollectedInquiry(
        str(row["inquiryId"]), moment_of(row["inquiryAt"]), str(row["content"]), None, text(row.get("sellerProductId"))
    )


def _day(at: datetime) -> str:
    return clock.seoul(at).date().isoformat()
