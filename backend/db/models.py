"""Imports every feature's tables, so that metadata is whole for migrations and tests."""

from backend.audit import models as audit
from backend.claims import models as claims
from backend.conversations import models as conversations
from backend.coupons import models as coupons
from backend.customers import models as customers
from backend.db.base import Base
from backend.deals import models as deals
from backend.desk import models as desk
from backend.display import models as display
from backend.inquiries import models as inquiries
from backend.inventory import models as inventory
from backend.inventory import reminder_models as stock_reminders
from backend.inventory_settings import models as inventory_settings
from backend.markets import announced as announced_items
from backend.markets import feed_models as market_feeds
from backend.markets import hosting as image_hosting
from backend.markets import models as markets
from backend.markets import storefront
from backend.markets.gateway import tokens as market_tokens
from backend.operations import models as operations
from backend.orders import models as orders
from backend.overseas import models as overseas
from backend.plans import models as plans
from backend.products import models as products
from backend.purchasing import models as purchasing
from backend.reports import models as reports
from backend.shops import models as shops
from backend.work_requests import models as work_requests

metadata = Base.metadata
__all__ = [
    "announced_items",
    "audit",
    "claims",
    "conversations",
    "coupons",
    "customers",
    "deals",
    "desk",
    "display",
    "image_hosting",
    "inquiries",
    "inventory",
    "inventory_settings",
    "market_feeds",
    "market_tokens",
    "markets",
    "metadata",
    "operations",
    "orders",
    "overseas",
    "plans",
    "products",
    "purchasing",
    "reports",
    "shops",
    "stock_reminders",
    "storefront",
    "work_requests",
]
