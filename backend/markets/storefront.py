"""What a store on a market shows of itself: its pictures and its display categories (source: 000, 신규 입점 세팅)."""

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.db.base import Base, id_column
from backend.markets.codes import Market


class StoreProfile(Base):
    """Pictures are paths of `images.store` or the merchant's own addresses; None or [] was never set."""

    __tablename__ = "store_profiles"
    __table_args__ = (UniqueConstraint("shop_id", "market"),)

    id: Mapped[str] = id_column()
    shop_id: Mapped[str] = mapped_column(ForeignKey("shops.id"), index=True)
    market: Mapped[Market]
    profile_image: Mapped[str | None]
    banner_pc: Mapped[str | None]
    banner_mobile: Mapped[str | None]
    display_categories: Mapped[list[str]] = mapped_column(
        default=list
    )  # paths, parents first: ["식품", "식품 > 쌀/잡곡"]
    version: Mapped[int] = mapped_column(default=1)


FIELDS = ("profile_image", "banner_pc", "banner_mobile", "display_categories")


def store_profile(session: Session, shop_id: str, market: Market) -> StoreProfile | None:
    query = select(StoreProfile).where(StoreProfile.shop_id == shop_id, StoreProfile.market == market)
    return session.scalars(query).one_or_none()
