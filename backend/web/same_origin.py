"""A form may only come from our own pages: the Origin of every POST must be the address it was sent to."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from backend.errors import Forbidden
from backend.settings import get_settings


def _from_our_own_page(request: Request) -> None:
    """Raises Forbidden `cross_site`; a browser sends Origin with every POST, so a missing one is refused as well."""
    origin = urlsplit(request.headers.get("origin", ""))
    ours = {request.headers.get("host"), urlsplit(get_settings().base_url).netloc}
    if origin.scheme not in ("http", "https") or origin.netloc not in ours:
        raise Forbidden("the form was not sent by our own page", code="cross_site")


FromOurPage = Annotated[None, Depends(_from_our_own_page)]
