"""What a person may do, by role."""

from enum import StrEnum

from backend.desk.models import StaffRole
from backend.shops.models import Role


class Permission(StrEnum):
    SHOP_READ = "shop:read"
    OPERATIONS_SWITCH = "operations:switch"  # one operation, or one operation on one market
    OPERATIONS_SWITCH_ALL = "operations:switch_all"  # an area, a whole market, all promotion/CRM, everything
    OPERATIONS_UNDO = "operations:undo"
    DISPLAY_PIN = "display:pin"
    COUPONS_STOP = "coupons:stop"
    CUSTOMER_MESSAGES_STOP = "customer_messages:stop"
    DEALS_ANSWER = "deals:answer"
    INQUIRIES_ANSWER = "inquiries:answer"
    LISTINGS_EXPORT = "listings:export"  # put products of the own mall on a market
    STOCK_MOVE = "stock:move"
    INVENTORY_SETTINGS_CHANGE = "inventory_settings:change"
    INVENTORY_SETTINGS_OWN = "inventory_settings:own"  # settings and the reset that only the owner may touch
    ORDERS_HANDLE = "orders:handle"  # collect, match, allocate, hold, merge, split, ship
    ORDERS_CLAIM = "orders:claim"  # cancel, exchange, return
    PURCHASING = "purchasing:write"
    SETUP_COMPLETE = "setup:complete"
    WORK_REQUESTS_CREATE = "work_requests:create"
    WORK_REQUESTS_WITHDRAW = "work_requests:withdraw"
    WORK_REQUESTS_ADVANCE = "work_requests:advance"
    CHAT_WRITE = "chat:write"
    DESK_ANSWER = "desk:answer"


P = Permission
_OPERATOR = frozenset({
    P.SHOP_READ, P.OPERATIONS_SWITCH, P.OPERATIONS_UNDO, P.DISPLAY_PIN, P.COUPONS_STOP, P.CUSTOMER_MESSAGES_STOP,
    P.DEALS_ANSWER, P.INQUIRIES_ANSWER, P.WORK_REQUESTS_CREATE, P.WORK_REQUESTS_WITHDRAW, P.CHAT_WRITE,
    P.LISTINGS_EXPORT, P.STOCK_MOVE, P.INVENTORY_SETTINGS_CHANGE, P.ORDERS_HANDLE, P.ORDERS_CLAIM, P.PURCHASING,
})  # fmt: skip

ROLE_PERMISSIONS: dict[Role | StaffRole, frozenset[Permission]] = {
    Role.OWNER: _OPERATOR | {P.OPERATIONS_SWITCH_ALL, P.SETUP_COMPLETE, P.INVENTORY_SETTINGS_OWN},
    Role.SUB_OPERATOR: _OPERATOR,
    StaffRole.AGENT: frozenset({
        P.SHOP_READ, P.OPERATIONS_SWITCH, P.WORK_REQUESTS_CREATE, P.WORK_REQUESTS_WITHDRAW, P.DESK_ANSWER,
    }),
    StaffRole.OPERATIONS: frozenset({
        P.SHOP_READ, P.OPERATIONS_SWITCH, P.OPERATIONS_SWITCH_ALL, P.OPERATIONS_UNDO, P.COUPONS_STOP,
        P.CUSTOMER_MESSAGES_STOP, P.WORK_REQUESTS_CREATE, P.WORK_REQUESTS_WITHDRAW, P.WORK_REQUESTS_ADVANCE, P.DESK_ANSWER,
    }),
}  # fmt: skip
