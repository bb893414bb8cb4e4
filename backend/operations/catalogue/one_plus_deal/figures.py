"""What a 1+1 deal would mean for one product: sums of what is known and one assumption, no forecast.

How many more would buy is not known before a first deal, so nothing is promised: the figures say how many orders
it takes for the deal to earn what the product earns now.
"""

from typing import Any

from backend.operations.catalogue.one_plus_deal.rules import Rules


def profit_now(price: int, rules: Rules) -> int:
    """KRW one order of one piece leaves at the assumed cost, before fees and delivery."""
    return price - _cost(price, rules)


def profit_in_deal(price: int, rules: Rules) -> int:
    """KRW one order leaves when two pieces go out for one price."""
    return price - 2 * _cost(price, rules)


def figures(price: int, orders: int, quantity: int, rules: Rules) -> dict[str, Any]:
    """`break_even_orders` = ceil(pieces sold now × profit_now ÷ profit_in_deal); needs a positive profit in the deal."""
    now, deal = profit_now(price, rules), profit_in_deal(price, rules)
    return {
        "formula": "break_even", "window_days": rules.window_days, "orders": orders, "quantity": quantity,
        "price": price, "price_each": price // 2, "cost_percent_assumed": rules.cost_percent,
        "profit_now": now, "profit_in_deal": deal, "break_even_orders": -(-quantity * now // deal),
    }  # fmt: skip


def _cost(price: int, rules: Rules) -> int:
    """Rounded up: rather too dear than too cheap."""
    return -(-price * rules.cost_percent // 100)
