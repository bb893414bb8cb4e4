"""The sandbox as an application: three markets, one control, and the faults in front of the markets.

Errors look as each market's do: Cafe24 `{"error": {code, message}}`, Naver `{code, message, traceId}`, Coupang
`{code, message}`.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from backend.markets.sandbox import cafe24, control, coupang, coupang_goods, naver, questions
from backend.markets.sandbox.auth import NotYou
from backend.markets.sandbox.faults import Fault, Faults
from backend.markets.sandbox.flow import Refused
from backend.markets.sandbox.store import Store

_VENDOR = re.compile(r"/vendors/([^/]+)/")
_ACCESS_KEY = re.compile(r"access-key=coupang-([^,]+)")


def create_app(store: Store, seed: int = 1) -> FastAPI:
    app = FastAPI(title="Market sandbox", docs_url=None, redoc_url=None)
    app.state.store, app.state.faults = store, Faults(seed)
    for router in (questions.router, cafe24.router, naver.router, coupang.router, coupang_goods.router, control.router):
        app.include_router(router)

    @app.middleware("http")
    async def misfortune(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        market = request.url.path.split("/")[1]
        if market not in ("cafe24", "naver", "coupang"):
            return await go_on(request)
        fault = app.state.faults.on_call(market, seller_in(request, store), request.url.path)
        if fault is None:
            answer = await go_on(request)
            if market == "cafe24":
                answer.headers["X-Api-Call-Limit"] = "1/40"
            return answer
        return await _befall(fault, market, request, go_on)

    @app.exception_handler(NotYou)
    async def not_you(request: Request, no: NotYou) -> JSONResponse:
        return problem(request.url.path.split("/")[1], 401, "UNAUTHORIZED", str(no))

    @app.exception_handler(Refused)
    async def refused(request: Request, no: Refused) -> JSONResponse:
        status = 404 if no.code == "NOT_FOUND" else 422 if request.url.path.startswith("/cafe24") else 400
        return problem(request.url.path.split("/")[1], status, no.code, no.message)

    @app.exception_handler(HTTPException)
    async def other(request: Request, no: HTTPException) -> JSONResponse:
        return problem(request.url.path.split("/")[1], no.status_code, str(no.status_code), str(no.detail))

    return app


async def _befall(
    fault: Fault, market: str, request: Request, go_on: Callable[[Request], Awaitable[Response]]
) -> Response:
    if fault.kind == "throttle":
        code = {"naver": "GW.RATE_LIMIT"}.get(market, "429")
        return problem(market, 429, code, "Too Many Requests", {"Retry-After": str(fault.retry_after)})
    if fault.kind == "expired":
        return problem(market, 401, "UNAUTHORIZED", "The access token has expired.")
    if fault.kind == "garbage":
        return PlainTextResponse("<html>maintenance</html>")
    if fault.kind == "error":
        return problem(market, 503, "500", "Internal Server Error")
    if fault.kind == "timeout_after":
        await go_on(request)
    await asyncio.sleep(fault.seconds)
    return problem(market, 504, "504", "Gateway Timeout")


def seller_in(request: Request, store: Store) -> str:
    """Whose call it seems to be; only for faults and limits."""
    path, header = request.url.path, request.headers.get("authorization", "")
    if path.startswith("/cafe24/"):
        return path.split("/")[2]
    if path.startswith("/coupang/"):
        found = _VENDOR.search(path) or _ACCESS_KEY.search(header)
        return found[1] if found else ""
    rows = store.rows("select seller from tokens where token = ?", header.removeprefix("Bearer "))
    return str(rows[0]["seller"]) if rows else ""


def problem(market: str, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    if market == "cafe24":
        return JSONResponse(
            {"error": {"code": status, "message": message, "more_info": {"code": code}}}, status, headers
        )
    if market == "naver":
        return JSONResponse({"code": code, "message": message, "traceId": "sandbox"}, status, headers)
    return JSONResponse({"code": code, "message": message}, status, headers)
