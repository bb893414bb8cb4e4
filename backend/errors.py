"""Every error a caller can meet, and the one shape it has on the wire (RFC 9457 problem+json).

OpsTalkError
├── InvalidInput 422      a field is missing or wrong; `fields` names it
├── Unauthenticated 401   no token, a tampered or an expired one
├── Forbidden 403         one's own shop, without the right
├── NotFound 404          absent, or another shop's
├── Conflict 409
│   ├── NothingToChange   the wish already is the state
│   ├── PlanClosed        discarded, expired or replaced
│   ├── IllegalMove       a state cannot follow another
│   ├── EditConflict      a field is not what the change was computed on
│   └── UndoConflict      someone edited the same field since
├── TooMany 429
└── Unavailable 503       Rasa, a market or another process does not answer
"""

import json
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, TimeoutError
from starlette.exceptions import HTTPException

from backend.db.again import lost_the_race
from backend.db.unique import code_when_taken


class OpsTalkError(Exception):
    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, detail: str = "", *, code: str | None = None, **data: Any) -> None:
        """`code` narrows the class's code (the bot has one utterance a code); `data` travels to the caller."""
        super().__init__(detail or code or self.code)
        self.detail = detail
        self.error_code = code or self.code
        self.data = data

    def problem(self) -> dict[str, Any]:
        return {
            "type": f"urn:opstalk:{self.error_code}",
            "title": self.error_code.replace("_", " "),
            "status": self.status,
            "code": self.error_code,
            "detail": self.detail,
            **self.data,
        }


class InvalidInput(OpsTalkError):
    status, code = 422, "invalid_input"


class Unauthenticated(OpsTalkError):
    status, code = 401, "unauthenticated"


class Forbidden(OpsTalkError):
    status, code = 403, "forbidden"


class NotFound(OpsTalkError):
    status, code = 404, "not_found"


class Conflict(OpsTalkError):
    status, code = 409, "conflict"


class NothingToChange(Conflict):
    code = "nothing_to_change"


class PlanClosed(Conflict):
    code = "plan_closed"


class IllegalMove(Conflict):
    code = "illegal_move"


class EditConflict(Conflict):
    code = "edit_conflict"


class UndoConflict(Conflict):
    code = "undo_conflict"


class TooMany(OpsTalkError):
    status, code = 429, "too_many"


class Unavailable(OpsTalkError):
    status, code = 503, "unavailable"


PROBLEM = "application/problem+json"
NUMBER_OUT_OF_RANGE = "22003"  # SQLSTATE


class ProblemResponse(JSONResponse):
    """What a caller sent is repeated to them even where it is no text at all (a lone surrogate)."""

    media_type = PROBLEM

    def __init__(self, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(body, status_code=body["status"], headers=headers)

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def install_error_handlers(app: FastAPI) -> None:
    """Give every error, ours and the framework's, the same problem+json shape."""

    @app.exception_handler(OpsTalkError)
    async def ours(_: Request, error: OpsTalkError) -> ProblemResponse:
        return ProblemResponse(error.problem(), _headers(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> ProblemResponse:
        fields = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        return ProblemResponse(InvalidInput("the request does not fit", fields=fields).problem())

    @app.exception_handler(UnicodeEncodeError)
    async def no_text(_: Request, __: UnicodeEncodeError) -> ProblemResponse:
        """JSON can spell half a character; it can be neither stored nor looked for, and nothing was written."""
        return ProblemResponse(InvalidInput("a text is not valid Unicode", fields=[]).problem())

    @app.exception_handler(OperationalError)
    @app.exception_handler(TimeoutError)
    async def busy(request: Request, error: OperationalError | TimeoutError) -> ProblemResponse:
        """Somebody else was in the way and nothing was written; anything else the database says is our fault."""
        if not lost_the_race(error):
            raise error
        return ProblemResponse(
            Unavailable("busy, try again", code="busy", retry_after=1).problem(), {"Retry-After": "1"}
        )

    @app.exception_handler(DataError)
    async def no_data(_: Request, error: DataError) -> ProblemResponse:
        """PostgreSQL keeps neither a NUL character nor a number beyond its column; nothing was written."""
        if "NUL" in str(error.orig):
            return ProblemResponse(InvalidInput("a text holds a NUL character", fields=[]).problem())
        if getattr(error.orig, "sqlstate", None) == NUMBER_OUT_OF_RANGE:
            return ProblemResponse(InvalidInput("a number is too large", fields=[]).problem())
        raise error

    @app.exception_handler(IntegrityError)
    async def taken(_: Request, error: IntegrityError) -> ProblemResponse:
        """Another request gave the same unique value a moment earlier; nothing of this one was written."""
        code = code_when_taken(error)
        if code is None:
            raise error
        return ProblemResponse(EditConflict("another one was faster", code=code).problem())

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> ProblemResponse:
        known = HTTPStatus(error.status_code)
        code = "unauthenticated" if known is HTTPStatus.UNAUTHORIZED else known.name.lower()
        body = {
            "type": f"urn:opstalk:{code}", "title": known.phrase, "status": error.status_code, "code": code,
            "detail": str(error.detail),
        }  # fmt: skip
        return ProblemResponse(body, dict(error.headers) if error.headers else None)

    @app.exception_handler(Exception)
    async def unforeseen(_: Request, __: Exception) -> ProblemResponse:
        """The server logs what it was; the caller learns only that it was our fault."""
        return ProblemResponse(OpsTalkError("something went wrong").problem())


def _headers(error: OpsTalkError) -> dict[str, str] | None:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.data.get("retry_after", error.data.get("window_seconds", 1)))}
    return None
