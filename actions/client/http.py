"""The calls to the backend; every one carries the turn token of the conversation."""

import asyncio
import json
import os
from functools import lru_cache
from typing import Any

from actions.client.errors import BackendError
from backend.kit.http_client import HttpClient, NoAnswer

TIMEOUT_SECONDS = 6.0


@lru_cache
def _client() -> HttpClient:
    return HttpClient(os.environ.get("OPSTALK_BACKEND_URL", "http://127.0.0.1:8600"))


async def call(
    token: str,
    method: str,
    path: str,
    *,
    params: dict[str, Any] | None = None,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """The decoded JSON answer; raises BackendError with the problem's code, or `unavailable` without an answer."""
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            answer = await _client().request(
                method, path, params=_spelt(params or {}), headers={"authorization": f"Bearer {token}", **(headers or {})},
                body=None if body is None else json.dumps(body, ensure_ascii=False).encode(),
            )  # fmt: skip
    except (TimeoutError, NoAnswer) as error:
        raise BackendError("unavailable") from error
    if 200 <= answer.status < 300:
        return json.loads(answer.body) if answer.body else None
    try:
        problem = json.loads(answer.body)
    except ValueError:
        problem = {}
    raise BackendError(str(problem.get("code", "internal")), problem, answer.status)


def _spelt(params: dict[str, Any]) -> dict[str, Any]:
    """Without what is not given; yes and no as the backend reads them."""
    return {k: str(v).lower() if isinstance(v, bool) else v for k, v in params.items() if v is not None}
