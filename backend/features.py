"""Which modules make up the product: adding a feature is one line here.

`FEATURES` are imported for what they register (targets, plan kinds, notice hooks).
A router is named by the place it is mounted at: "api" under /api, "root" as it is, "demo" only with the demo mall.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter

FEATURES: tuple[str, ...] = (
    "backend.plans.undo",
    "backend.products.targets",
    "backend.markets.targets",
    "backend.markets.store_targets",
    "backend.markets.request_collection",
    "backend.markets.retry_command",
    "backend.coupons.targets",
    "backend.coupons.stop",
    "backend.display.targets",
    "backend.display.pin",
    "backend.work_requests.targets",
    "backend.work_requests.create",
    "backend.work_requests.withdraw",
    "backend.operations.targets",
    "backend.operations.off",
    "backend.operations.on",
    "backend.operations.off_period",
    "backend.operations.postpone",
    "backend.operations.setup_complete",
    "backend.operations.listing_export",
    "backend.operations.merchant_notices",
    "backend.shops.targets",
    "backend.deals.targets",
    "backend.deals.answer",
    "backend.customers.targets",
    "backend.customers.stop",
    "backend.inquiries.targets",
    "backend.inquiries.send_draft",
    "backend.inventory.targets",
    "backend.inventory.adjust",
    "backend.inventory.inbound_plans",
    "backend.inventory.item_update",
    "backend.inventory.movement_types",
    "backend.inventory.sync_plan",
    "backend.inventory.barcode_assign",
    "backend.inventory.barcode_sheet",
    "backend.inventory.spreadsheet.import_plan",
    "backend.inventory.spreadsheet.documents",
    "backend.orders.targets",
    "backend.orders.match",
    "backend.orders.allocation",
    "backend.orders.deallocation",
    "backend.orders.hold",
    "backend.orders.merge",
    "backend.orders.split",
    "backend.orders.remove",
    "backend.orders.gift_rules",
    "backend.claims.targets",
    "backend.claims.cancel",
    "backend.claims.exchange",
    "backend.claims.answer",
    "backend.claims.goods_back",
    "backend.shipping.register",
    "backend.shipping.change_invoice",
    "backend.shipping.ship",
    "backend.shipping.deliver",
    "backend.shipping.mark_printed",
    "backend.shipping.labels",
    "backend.purchasing.targets",
    "backend.purchasing.create",
    "backend.purchasing.place",
    "backend.purchasing.receive",
    "backend.purchasing.cancel",
    "backend.purchasing.documents",
    "backend.overseas.rate_change",
    "backend.inventory_settings.targets",
    "backend.inventory_settings.change",
    "backend.inventory_settings.refresh",
    "backend.inventory_settings.reset",
)

ROUTERS: tuple[tuple[str, str], ...] = (
    ("api", "backend.plans.endpoints"),
    ("api", "backend.shops.endpoints"),
    ("api", "backend.operations.endpoints"),
    ("api", "backend.operations.setup_endpoints"),
    ("api", "backend.operations.display_endpoints"),
    ("api", "backend.display.endpoints"),
    ("api", "backend.products.endpoints"),
    ("api", "backend.coupons.endpoints"),
    ("api", "backend.markets.endpoints"),
    ("api", "backend.work_requests.endpoints"),
    ("api", "backend.deals.endpoints"),
    ("api", "backend.customers.endpoints"),
    ("api", "backend.inquiries.endpoints"),
    ("api", "backend.orders.endpoints"),
    ("api", "backend.shipping.endpoints"),
    ("api", "backend.claims.endpoints"),
    ("api", "backend.purchasing.endpoints"),
    ("api", "backend.overseas.endpoints"),
    ("api", "backend.inventory.endpoints"),
    ("api", "backend.inventory.spreadsheet.endpoints"),
    ("api", "backend.inventory.barcode_endpoints"),
    ("api", "backend.inventory_settings.endpoints"),
    ("api", "backend.inventory_settings.reset_endpoints"),
    ("api", "backend.reports.endpoints"),
    ("root", "backend.reports.opened"),
    ("root", "backend.documents.opened"),
    ("root", "backend.inventory.spreadsheet.page"),
    ("root", "backend.customers.opt_out"),
    ("api", "backend.conversations.conversation_endpoints"),
    ("root", "backend.conversations.endpoints"),
    ("root", "backend.conversations.health"),
    ("root", "backend.desk.endpoints"),
    ("root", "backend.images.endpoints"),
    ("root", "backend.desk.work_request_endpoints"),
    ("demo", "backend.seed.images"),
    ("root", "backend.web.console.endpoints"),
    ("demo", "backend.web.demo.endpoints"),
)

LIFESPANS: tuple[str, ...] = ("backend.conversations.hub", "backend.warm_up")


def routers(place: str) -> Iterator[APIRouter]:
    for where, name in ROUTERS:
        if where == place:
            yield importlib.import_module(name).router


def lifespans() -> Iterator[Callable[[Any], AbstractAsyncContextManager[None]]]:
    for name in LIFESPANS:
        yield importlib.import_module(name).lifespan


def load() -> None:
    """Import everything that registers itself, and every table; for processes without the web application."""
    for name in ("backend.db.models", *FEATURES):
        importlib.import_module(name)
