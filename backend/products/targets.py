"""Which fields of a product a change may write."""

from backend.changes.registry import Target, register
from backend.products.models import Product

register("product", Target(Product, frozenset({"name", "status"}), "prd"))
