"""POST which labels are wanted, to get the link of their PDF."""

from fastapi import APIRouter
from pydantic import BaseModel

from backend.access.dependencies import MemberActor
from backend.access.permissions import Permission
from backend.access.route import InOneStep
from backend.db.dependencies import ReadSession
from backend.documents.kinds import PDF
from backend.documents.links import DocumentLink, link_to
from backend.inventory.barcode_sheet import BarcodeParams, labels_of
from backend.inventory_settings.catalogue import BarcodeForm
from backend.kit.wording import wording

router = APIRouter(prefix="/inventory/barcodes", tags=["inventory"], route_class=InOneStep)


class BarcodesOut(BaseModel):
    link: DocumentLink
    labels: int
    sheets: int
    form: BarcodeForm


@router.post("")
def link_barcodes(body: BarcodeParams, actor: MemberActor, session: ReadSession) -> BarcodesOut:
    """What cannot be printed is refused here, not when the link is opened."""
    actor.require(Permission.SHOP_READ)
    form, labels = labels_of(session, actor.shop_id, body)
    link = link_to(actor.shop_id, "barcodes", body, wording().say("barcode.file"), PDF)
    return BarcodesOut(link=link, labels=len(labels), sheets=-(-len(labels) // (form.columns * form.rows)), form=form)
