"""What other features ask of stock."""

from backend.inventory.find import find_items, mentioned_items
from backend.inventory.items import item_out, items_of, low_items, product_name
from backend.inventory.labels import labels, market_quantity, quantity_by

__all__ = [
    "find_items",
    "item_out",
    "items_of",
    "labels",
    "low_items",
    "market_quantity",
    "mentioned_items",
    "product_name",
    "quantity_by",
]
