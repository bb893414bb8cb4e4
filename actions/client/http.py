"""One pooled HTTP client to the backend; every call carries the turn token of the conversation."""

import os
from functools import lru_cache
from typing import Any

import httpx

from actions.client.errors import BackendError

TIMEOUT = httpx.Timeout(6.0, connect=1.0)


@lru_cache
def _client() -> httpx.AsyncClient:
    base = os.environ.get("OPSTALK_BACKEND_URL", "http://127.0.0.1:8600")
    return httpx.AsyncClient(base_url=base, timeout=TIMEOUT, limits=httpx.Limits(max_connections=64))


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
    wanted = {k: v for k, v in (params or {}).items() if v is not None}
    try:
        response = await _client().request(
            method, path, params=wanted, json=body, headers={"authorization": f"Bearer {token}", **(headers or {})}
        )
    except httpx.HTTPError as error:
        raise BackendError("unavailable") from error
    if response.is_success:
        return response.json() if response.content else None
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    raise BackendError(str(problem.get("code", "internal")), problem, response.status_code)
