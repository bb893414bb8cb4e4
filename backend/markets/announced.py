"""Which stock the markets have heard of: what moved since is announced by the worker, whoever moved it.

Every writer of stock and promises raises the item's version, so that nobody has to remember to call: an item whose
version, or whose shop's basis, is not the announced one is looked at again. A worker killed in between announces it then.
"""

from sqlalchemy import ForeignKey, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.db.base import Base, id_column
from backend.db.engine import unit_of_work
from backend.db.locks import take_turn
from backend.inventory.models import StockItem
from backend.inventory_settings.catalogue import MarketStockBasis
from backend.inventory_settings.read import values_of
from backend.kit.ids import new_id
from backend.markets.announce import announce_stock
from backend.markets.collect_due import reachable
from backend.shops.models import Shop

AT_ONCE = 500


class AnnouncedItem(Base):
    """The version of an item, and the basis, by which its numbers were last worked out for the markets."""

    __tablename__ = "announced_items"

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("stock_items.id"), unique=True)
    item_version: Mapped[int]
    basis: Mapped[str]  # available, current, mall, arbitrary:9999
    version: Mapped[int] = mapped_column(default=1)


def announce_changed() -> int:
    """One round over all shops that somebody can be told of; how many words were queued."""
    with unit_of_work(write=False) as session:
        shops = [shop.id for shop in session.scalars(select(Shop).order_by(Shop.id)) if reachable(session, shop)]
        moved = [shop_id for shop_id in shops if _moved(session, shop_id, basis_of(session, shop_id))]
    told = 0
    for shop_id in moved:
        with unit_of_work() as session:
            take_turn(session, [shop_id])
            told += _announce(session, shop_id)
    return told


def _announce(session: Session, shop_id: str) -> int:
    basis = basis_of(session, shop_id)
    versions = _moved(session, shop_id, basis)
    told = announce_stock(session, shop_id, versions)
    known = {
        row.item_id: row for row in session.scalars(select(AnnouncedItem).where(AnnouncedItem.item_id.in_(versions)))
    }
    for item_id, version in versions.items():
        row = known.get(item_id)
        if row is None:
            row = AnnouncedItem(id=new_id("ann"), shop_id=shop_id, item_id=item_id, version=0)
            session.add(row)
        row.item_version, row.basis = version, basis
        row.version += 1
    return told


def _moved(session: Session, shop_id: str, basis: str) -> dict[str, int]:
    """Items and their versions, at most some hundreds at a time."""
    query = (
        select(StockItem.id, StockItem.version)
        .outerjoin(AnnouncedItem, AnnouncedItem.item_id == StockItem.id)
        .where(StockItem.shop_id == shop_id)
        .where(
            or_(
                AnnouncedItem.id.is_(None),
                AnnouncedItem.item_version != StockItem.version,
                AnnouncedItem.basis != basis,
            )
        )
        .order_by(StockItem.id)
        .limit(AT_ONCE)
    )
    return dict(session.execute(query).tuples().all())


def basis_of(session: Session, shop_id: str) -> str:
    """What the numbers follow from beside the stock itself."""
    said = values_of(session, shop_id, "market_stock_basis", "market_stock_arbitrary")
    basis = said["market_stock_basis"]
    return (
        f"{basis.value}:{said['market_stock_arbitrary']}" if basis is MarketStockBasis.ARBITRARY else str(basis.value)
    )
