"""Signed links to documents: one shop, one document, half an hour; whoever has it can read that document and nothing else."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from backend.access import tokens
from backend.documents.kinds import kind_named
from backend.errors import NotFound
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


def claims_of(audience: str, token: str) -> dict[str, Any]:
    """Of any link out of the conversation; raises Unauthenticated `document_link_expired`, NotFound `document_link_unknown`."""
    return tokens.read_link(audience, token, expired="document_link_expired", unknown="document_link_unknown")


def opened_by(token: str) -> tuple[str, str, Any]:
    """The shop's id, the kind and its checked parameters; raises as `claims_of`."""
    claims = claims_of("document", token)
    try:
        kind = kind_named(str(claims["kind"]))
        return str(claims["sub"]), kind.name, kind.params.model_validate(claims["params"])
    except (KeyError, ValueError) as error:
        raise NotFound("no such link", code="document_link_unknown") from error
