"""Which pages may talk to us: the widget may sit on a shop's page of another origin, everything else is our own.

The widget carries its token itself, so no cookie is ever allowed to come along from another origin.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.settings import get_settings

LOOPBACK: Final = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"
OPEN_PATHS: Final = ("/chat/", "/static/")


def is_ours(request: Request) -> bool:
    """Whether the sending page is ours; a caller without Origin is no browser's page of another site."""
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host"), urlsplit(get_settings().base_url).netloc}
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc in ours


class WidgetOrigins:
    """CORS for the chat and the widget's files; no other path answers a page of another origin."""

    def __init__(self, app: ASGIApp) -> None:
        named = "|".join(re.escape(origin.rstrip("/")) for origin in get_settings().widget_origins)
        self._app = app
        self._open = CORSMiddleware(
            app, allow_origin_regex=f"{LOOPBACK}|{named}" if named else LOOPBACK, allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"], expose_headers=["Retry-After"],
            max_age=600,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        crosses = scope["type"] == "http" and scope["path"].startswith(OPEN_PATHS)
        await (self._open if crosses else self._app)(scope, receive, send)
