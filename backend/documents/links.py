"""Signed links to documents: one shop, one document, half an hour; whoever has it can read that document and nothing else."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from backend.access import tokens
from backend.documents.kinds import kind_named
from backend.errors import NotFound, Unauthenticated
from backend.kit import clock

CLICKED_FOR = timedelta(minutes=30)


class DocumentLink(BaseModel):
    """`path` is a path on this server: the widget knows under which address it reaches us."""

    path: str
    file_name: str
    media_type: str
    valid_until: datetime


def link_to(shop_id: str, kind: str, params: BaseModel, file_name: str, media_type: str) -> DocumentLink:
    body = params.model_dump(mode="json", exclude_defaults=True)
    token = tokens.issue("document", shop_id, CLICKED_FOR, kind=kind, params=body)
    return DocumentLink(
        path=f"/documents/{token}",
        file_name=file_name,
        media_type=media_type,
        valid_until=clock.now() + CLICKED_FOR,
    )


def opened_by(token: str) -> tuple[str, str, Any]:
    """The shop's id, the kind and its checked parameters; raises Unauthenticated `document_link_expired`, NotFound
    `document_link_unknown`."""
    try:
        claims = tokens.read("document", token)
        kind = kind_named(str(claims["kind"]))
        return str(claims["sub"]), kind.name, kind.params.model_validate(claims["params"])
    except Unauthenticated as refused:
        if refused.error_code == "token_expired":
            raise Unauthenticated("the link is too old", code="document_link_expired") from refused
        raise NotFound("no such link", code="document_link_unknown") from refused
    except (KeyError, ValueError) as error:
        raise NotFound("no such link", code="document_link_unknown") from error
