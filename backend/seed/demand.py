"""How much a demo shop's visitors want what, and when: seasons, weekdays, new products rising."""

import math
from datetime import date, timedelta
from random import Random

from backend.seed.products import SeededProduct

# January to December, around 1
SEASONS = {
    "steady": (1.0,) * 12,
    "winter": (1.5, 1.2, 0.9, 0.6, 0.4, 0.3, 0.3, 0.4, 0.8, 1.3, 1.6, 1.7),
    "summer": (0.4, 0.5, 0.7, 1.0, 1.4, 1.7, 1.7, 1.4, 0.9, 0.6, 0.4, 0.4),
    "spring": (0.6, 0.9, 1.3, 1.4, 1.2, 0.9, 0.7, 0.8, 1.3, 1.3, 0.9, 0.6),
    "harvest": (0.9, 0.9, 0.8, 0.7, 0.6, 0.6, 0.7, 1.0, 1.8, 1.7, 1.4, 1.1),
}
WEEKDAYS = (1.12, 1.08, 1.04, 1.0, 0.94, 0.86, 0.96)
# shopping hours in Seoul, midnight first: lunch and late evening are busy
HOURS = (3, 1, 1, 0, 0, 1, 1, 2, 4, 6, 8, 8, 9, 8, 7, 6, 6, 6, 7, 8, 10, 12, 11, 7)
VIEWS_AN_ORDER = 38
GROWTH = 0.18  # over the year


def season(name: str, day: date) -> float:
    """Runs straight from the middle of one month to the middle of the next."""
    curve, offset = SEASONS[name], (day.day - 15) / 30
    here, there = curve[day.month - 1], curve[(day.month - 1 + (1 if offset >= 0 else -1)) % 12]
    return here + (there - here) * abs(offset)


def weights(products: list[SeededProduct], day: date) -> list[float]:
    """Each product's share of the shop's attention that day; 0 before it was registered."""
    return [p.appeal * season(p.category.season, day) * _age(p, day) for p in products]


def orders_expected(orders_a_year: int, day: date, today: date) -> float:
    """A little more each month, more on Mondays, and after pay day."""
    ago = (today - day).days
    payday = 1.15 if 10 <= day.day <= 12 or day.day >= 25 else 0.95
    return orders_a_year / 365 * WEEKDAYS[day.weekday()] * payday * (1 + GROWTH * (0.5 - ago / 365))


def poisson(mean: float, rng: Random) -> int:
    """Knuth's method for small means, the normal curve for large ones."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def _age(product: SeededProduct, day: date) -> float:
    days = (day - product.row["registered_on"]) // timedelta(days=1)
    if days < 0:
        return 0.0
    if days > 120:
        return 1.0
    start = min(1.0, 0.25 + days / 14)
    return start * (1 + (1.6 if product.rising else 0.2) * math.exp(-days / 45))
