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

from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException


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


def _problem(body: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, status_code=body["status"], media_type=PROBLEM, headers=headers)


def install_error_handlers(app: FastAPI) -> None:
    """Give every error, ours and the framework's, the same problem+json shape."""

    @app.exception_handler(OpsTalkError)
    async def ours(_: Request, error: OpsTalkError) -> JSONResponse:
        return _problem(error.problem())

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        fields = [{"field": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors()]
        return _problem(InvalidInput("the request does not fit", fields=fields).problem())

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not_found", 405: "method_not_allowed", 401: "unauthenticated"}.get(error.status_code, "http")
        body = {"type": f"urn:opstalk:{code}", "title": str(error.detail), "status": error.status_code, "code": code}
        return _problem(body, dict(error.headers) if error.headers else None)
