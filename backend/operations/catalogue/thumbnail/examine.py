"""What is wrong with a listing's representative picture on its market, and the picture that takes its place."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.images.canvas import Canvas
from backend.images.look import Picture, picture_at
from backend.images.store import drawn_path, file_of, is_drawn
from backend.markets.better import Better
from backend.markets.limits import ImageLimits
from backend.markets.models import Listing
from backend.products.models import Product

_MEGABYTE = 1_000_000


class Rules(BaseModel):
    model_config = ConfigDict(extra="forbid")

    most_enlarged: float
    least_square: float


def canvas_of(limits: ImageLimits, rules: Rules) -> Canvas:
    """The size the market advises."""
    return Canvas(limits.advised_px, limits.max_mb * _MEGABYTE, rules.most_enlarged)


def examine(listing: Listing, product: Product, limits: ImageLimits, rules: Rules) -> list[Better]:
    """One for each fault; without an original there is nothing to draw from, and the merchant is only told.

    A picture that is kept elsewhere is not ours to judge.
    """
    shown = listing.image or product.image
    if shown and file_of(shown) is None:
        return []
    picture = picture_at(shown)
    faults = (
        [("image_missing", {})] if picture is None else _faults(picture, _original(listing, product), limits, rules)
    )
    if not faults:
        return []
    source = _source(listing, product)
    canvas = canvas_of(limits, rules)
    after = drawn_path(source, canvas.side, canvas.recipe) if source else listing.image
    size = {"width": picture.width, "height": picture.height} if picture else {}
    return [Better("image", listing.image, after, code, {**size, **data}) for code, data in faults]


def _faults(
    picture: Picture, original: Picture | None, limits: ImageLimits, rules: Rules
) -> list[tuple[str, dict[str, Any]]]:
    shorter, longer = sorted((picture.width, picture.height))
    found: list[tuple[str, dict[str, Any]]] = []
    if shorter < limits.min_px:
        found.append(("image_too_small", {"min_px": limits.min_px}))
    elif longer < limits.advised_px and original and min(original.width, original.height) >= limits.advised_px:
        found.append(("image_below_advised", {"advised_px": limits.advised_px}))
    if limits.max_px and longer > limits.max_px:
        found.append(("image_too_large", {"max_px": limits.max_px}))
    if shorter < longer * rules.least_square:
        found.append(("image_not_square", {}))
    if picture.weight > limits.max_mb * _MEGABYTE:
        found.append(("image_too_heavy", {"megabytes": picture.megabytes, "max_mb": limits.max_mb}))
    return found


def _source(listing: Listing, product: Product) -> str | None:
    """What to draw from: the merchant's own picture for that market before the mall's; never what we drew ourselves."""
    own = listing.image if listing.image and not is_drawn(listing.image) else None
    return next((path for path in (own, product.image) if path and picture_at(path)), None)


def _original(listing: Listing, product: Product) -> Picture | None:
    return picture_at(_source(listing, product))
