"""One HTTP call to a market: its answer as JSON, or one of the gateway's errors; nothing is retried here."""

from typing import Any

import httpx

from backend.markets.gateway.contract import CredentialsRefused, NotUnderstood, Throttled, Unreachable

WITHIN = httpx.Timeout(10.0, connect=3.0)  # seconds
DEFAULT_RETRY_AFTER = 5.0  # seconds, where a market names none


class Rejection(Exception):
    """A 4xx that is about what was asked, not about who asks."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.status, self.code, self.message = status, code, message


class Wire:
    """`timeout` may be shortened by tests; the base address is the account's own."""

    def __init__(self, base_url: str, timeout: httpx.Timeout | None = None) -> None:
        self._client = httpx.Client(base_url=base_url.rstrip("/"), timeout=timeout or WITHIN)

    def call(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        """Raises GatewayError, and Rejection with the market's own code and sentence."""
        try:
            answer = self._client.request(method, path, **given)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from error
        if answer.status_code == 429:
            raise Throttled(_retry_after(answer))
        if answer.status_code in (401, 403):
            raise CredentialsRefused(answer.text[:200])
        if answer.status_code >= 500:
            raise Unreachable(f"HTTP {answer.status_code}")
        if answer.status_code == 204:
            return {}
        try:
            body = answer.json()
        except ValueError as error:
            raise NotUnderstood(answer.text[:100]) from error
        if not isinstance(body, dict):
            raise NotUnderstood(answer.text[:100])
        if answer.status_code >= 400:
            raise _rejection(answer.status_code, body)
        return body

    def close(self) -> None:
        self._client.close()


def _retry_after(answer: httpx.Response) -> float:
    try:
        return max(0.0, float(answer.headers.get("Retry-After", DEFAULT_RETRY_AFTER)))
    except ValueError:  # an HTTP date: none of the three sends one
        return DEFAULT_RETRY_AFTER


def _rejection(status: int, body: dict[str, Any]) -> Rejection:
    inner = _part(body, "error") or body
    code = _part(inner, "more_info").get("code") or inner.get("code") or ""
    return Rejection(status, str(code), str(inner.get("message") or ""))


def _part(body: dict[str, Any], key: str) -> dict[str, Any]:
    found = body.get(key)
    return found if isinstance(found, dict) else {}
