"""The API description at /docs: besides its own answers, every route names the problems it may answer with.

401 and 403 where a token is needed, 404 where something is named, 409 where something is written, 422 where something
is sent, 400 where it is a body. A route adds what only it has (`responses=problems(429)`).
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict

from backend.errors import PROBLEM

_MEANING = {
    400: "The body cannot be read",
    401: "No token, or a tampered, expired or misdirected one",
    403: "The right is missing; `permission` names it",
    404: "It does not exist, or is another shop's",
    409: "The state does not allow it; `code` says why",
    422: "Something sent is missing or wrong; `fields` names it",
    429: "Too often; `Retry-After` names the seconds to wait",
    503: "Something this needs is not there; `code` names it",
}


class Problem(BaseModel):
    """RFC 9457; `code` is the precise reason, and each code has data of its own beside it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {s: {"description": _MEANING[s], "content": {PROBLEM: {"schema": schema}}} for s in statuses}


def describe(app: FastAPI) -> None:
    """Every operation of the description gets its problems; made once, when it is first asked for."""

    def made() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
            shapes = schema["components"]["schemas"]
            shapes["Problem"] = Problem.model_json_schema()
            for unused in ("HTTPValidationError", "ValidationError"):  # the framework's own, replaced by ours
                shapes.pop(unused, None)
            for path, method, operation in _operations(schema):
                answers = operation["responses"]
                for status, answer in problems(*_statuses(path, method, operation)).items():
                    if PROBLEM not in answers.get(str(status), {}).get("content", {}):
                        answers[str(status)] = answer
                operation["responses"] = dict(sorted(answers.items()))
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = made  # type: ignore[method-assign]


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _statuses(path: str, method: str, operation: dict[str, Any]) -> Iterator[int]:
    if "requestBody" in operation:
        yield 400
    if operation.get("security"):
        yield from (401, 403)
        if "{" in path or path.startswith(("/chat/", "/api/conversation/")) or "requestBody" in operation:
            yield 404
        if method != "get":
            yield 409
    if "requestBody" in operation or operation.get("parameters"):
        yield 422
