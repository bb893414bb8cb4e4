"""A document opened or saved by a signed link from the conversation; every refusal is a page a person can read."""

from urllib.parse import quote

from fastapi import APIRouter, Response

from backend.db.dependencies import ReadSession
from backend.documents.kinds import PDF, kind_named
from backend.documents.links import opened_by
from backend.errors import NotFound
from backend.shops.models import Shop
from backend.web.pages import LinkedPageRoute


class DocumentRoute(LinkedPageRoute):
    title = "link_refused.document"


router = APIRouter(prefix="/documents", include_in_schema=False, route_class=DocumentRoute)


@router.get("/{token}")
def open_document(token: str, session: ReadSession) -> Response:
    shop_id, kind, params = opened_by(token)
    shop = session.get(Shop, shop_id)
    if shop is None:
        raise NotFound("no such link", code="document_link_unknown")
    file = kind_named(kind).make(session, shop, params)
    way = "inline" if file.media_type == PDF else "attachment"
    return Response(file.body, media_type=file.media_type, headers={
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(file.name)}",
        "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow",
    })  # fmt: skip
