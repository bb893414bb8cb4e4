"""POST a spreadsheet to have it checked, GET what its rows say; applying it is the plan kind `stock.import`."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import UploadFile
from starlette.requests import Request as Replayed

from backend.access.dependencies import MemberActor, owned
from backend.access.permissions import Permission
from backend.db.dependencies import ReadSession, WriteSession
from backend.documents.kinds import XLSX
from backend.documents.links import DocumentLink, link_to
from backend.errors import InvalidInput
from backend.inventory.models import StockImport
from backend.inventory.spreadsheet.columns import ImportKind
from backend.inventory.spreadsheet.documents import ResultsParams, TemplateParams, results_name, template_name
from backend.inventory.spreadsheet.handing_in import hand_in
from backend.inventory.spreadsheet.page import PageLink, page_link
from backend.inventory.spreadsheet.reading import LARGEST, wrong
from backend.inventory.spreadsheet.schemas import ImportOut, ImportRowOut, ImportRowPage
from backend.inventory.spreadsheet.understanding import Row

router = APIRouter(prefix="/inventory/imports", tags=["inventory"])
SHOWN = 50
ENVELOPE = 64 * 1024  # what a form adds around its file
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
        },
    }
}
FileName = Annotated[str, Query(max_length=200)]


async def _handed_in(request: Request, file_name: FileName = "") -> tuple[str, bytes]:
    """The file's name and bytes, from the body as it is or from the `file` of a form."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST + ENVELOPE:
            raise wrong("import_too_large", size=len(body), most=LARGEST)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return file_name, bytes(body)

    async def replay() -> dict[str, Any]:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    try:
        form = await Replayed(request.scope, replay).form(max_files=1, max_fields=5)
    except Exception as error:  # whatever the form parser says of a broken form
        raise InvalidInput("the form cannot be read", code="import_unreadable", fields=[]) from error
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise wrong("import_empty_file")
    return file_name or file.filename or "", await file.read()


@router.post("", status_code=201, openapi_extra=BODY)
def check_file(
    actor: MemberActor,
    session: WriteSession,
    kind: ImportKind,
    handed_in: Annotated[tuple[str, bytes], Depends(_handed_in)],
) -> ImportOut:
    """Nothing of the stock is written. The same file again is the same import, looked at anew."""
    actor.require(Permission.STOCK_MOVE)
    return import_out(hand_in(session, actor, kind, *handed_in))


@router.get("/template")
def link_template(actor: MemberActor, kind: ImportKind) -> DocumentLink:
    actor.require(Permission.SHOP_READ)
    return link_to(actor.shop_id, "stock_template", TemplateParams(kind=kind), template_name(kind), XLSX)


@router.get("/page")
def link_page(actor: MemberActor) -> PageLink:
    """A page where a person hands a file in; what comes of it is told in their conversation."""
    actor.require(Permission.STOCK_MOVE)
    return page_link(actor)


@router.get("/{import_id}")
def read_import(import_id: str, actor: MemberActor, session: ReadSession) -> ImportOut:
    actor.require(Permission.SHOP_READ)
    return import_out(owned(session.get(StockImport, import_id), actor))


@router.get("/{import_id}/rows")
def read_rows(
    import_id: str,
    actor: MemberActor,
    session: ReadSession,
    which: Literal["all", "good", "bad"] = "all",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> ImportRowPage:
    actor.require(Permission.SHOP_READ)
    row = owned(session.get(StockImport, import_id), actor)
    rows = [entry for entry in row.rows if which == "all" or (which == "bad") == ("error" in entry)]
    end = offset + limit
    return ImportRowPage(
        rows=[row_out(entry) for entry in rows[offset:end]], total=len(rows), limit=limit, offset=offset,
        next_offset=end if end < len(rows) else None,
    )  # fmt: skip


@router.get("/{import_id}/results")
def link_results(import_id: str, actor: MemberActor, session: ReadSession) -> DocumentLink:
    actor.require(Permission.SHOP_READ)
    row = owned(session.get(StockImport, import_id), actor)
    return link_to(actor.shop_id, "stock_import_results", ResultsParams(import_id=row.id), results_name(row), XLSX)


def import_out(row: StockImport) -> ImportOut:
    good = [entry for entry in row.rows if "error" not in entry]
    bad = [entry for entry in row.rows if "error" in entry]
    moved = [entry["after"] - entry["before"] for entry in good if entry["after"] != entry["before"]]
    return ImportOut(
        id=row.id, kind=ImportKind(row.kind), file_name=row.file_name, size=row.size, good=len(good), bad=len(bad),
        new=sum(bool(entry.get("new")) for entry in good), moved=len(moved), pieces=sum(moved),
        errors=dict(Counter(entry["error"] for entry in bad)), rows=_first([*bad, *good]), created_at=row.created_at,
        applied_at=row.applied_at,
    )  # fmt: skip


def _first(rows: Sequence[Row]) -> list[ImportRowOut]:
    return [row_out(row) for row in rows[:SHOWN]]


def row_out(row: Row) -> ImportRowOut:
    return ImportRowOut(
        row=row["row"], code=row.get("code") or row.get("barcode"), item_id=row.get("item_id"), item=row.get("item"),
        before=row.get("before"), after=row.get("after"), new=bool(row.get("new")), error=row.get("error"),
        data=row.get("data", {}) if "error" in row else {},
    )  # fmt: skip
