"""One shop in which every operation finds something to do, kept as files, so that each death starts from the same shop."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from backend.customers.models import Customer
from backend.db.engine import get_engine, unit_of_work
from backend.db.models import metadata
from backend.inquiries.models import Inquiry
from backend.kit import clock
from backend.kit.ids import new_id
from backend.markets.codes import OPEN_MARKETS, Market
from backend.operations.catalogue.loader import operations
from backend.operations.models import Run
from backend.operations.scope import Unit
from backend.operations.states import RunState
from backend.orders.models import Order, OrderLine
from backend.settings import get_settings
from tests.databases import ON_POSTGRES, server
from tests.simulation.village import START, Household, build

NOW = START + timedelta(hours=10)
HOUSE = Household(0, list(OPEN_MARKETS), new_store=True, pictures=True)
_MADE = re.compile(r"\b([a-z]{2,5})_[0-9A-Z]{26}(?:\d{5})?\b")  # lines of one file count on: 00001, 00002


def unit_of(operation: str) -> Unit:
    markets = operations()[operation].config.markets
    return Unit(operation, Market.SMARTSTORE if Market.SMARTSTORE in markets else (markets[0] if markets else None))


def furnish(session: Session) -> None:
    """Beside what every shop of the village has: a question, sellers in pairs, a first buyer, and buyers who stay away."""
    build(session, [HOUSE])
    session.add(Inquiry(
        id="inq_w", shop_id=HOUSE.id, market=Market.MALL, product_id="prd_v0000_0", buyer_name="김*현", text="재고 있나요?",
        asked_at=NOW - timedelta(hours=2),
    ))  # fmt: skip
    for number in range(5):
        _order(
            session, f"pair{number}", "prd_v0000_1", Market.SMARTSTORE, NOW - timedelta(days=3 + number), f"짝*{number}"
        )
    for number in range(40):
        _order(session, f"gone{number}", "prd_v0000_2", Market.MALL, NOW - timedelta(days=100), f"떠*{number}")
    _customer(session, "first", "새*님")
    _order(session, "first", "prd_v0000_2", Market.MALL, NOW - timedelta(days=2), "새*님")
    for number in range(3):
        _customer(session, f"gone{number}", f"떠*{number}")


def _customer(session: Session, key: str, name: str) -> None:
    session.add(Customer(
        id=f"cus_{key}", shop_id=HOUSE.id, name=name, phone="010-****-9999", email="a***@mail.example", sms_consent=True,
        email_consent=True, joined_on=(NOW - timedelta(days=200)).date(),
    ))  # fmt: skip


def _order(session: Session, key: str, product: str, market: Market, at, buyer: str) -> None:  # type: ignore[no-untyped-def]
    session.add(Order(id=f"ord_{key}", shop_id=HOUSE.id, order_no=key, market=market, buyer_name=buyer, ordered_at=at, total=40_000))  # fmt: skip
    session.flush()
    session.add(OrderLine(id=f"orl_{key}", shop_id=HOUSE.id, order_id=f"ord_{key}", product_id=product, quantity=1, amount=40_000))  # fmt: skip


def schedule(operation: str) -> str:
    """A run that is due now, announced where it must be."""
    unit = unit_of(operation)
    announced = bool(operations()[operation].config.announce_hours)
    with unit_of_work() as session:
        run = Run(
            id=new_id("run"), shop_id=HOUSE.id, operation=operation, market=unit.market, trigger="schedule",
            state=RunState.ANNOUNCED if announced else RunState.SCHEDULED, scheduled_for=clock.now(),
            announced_at=clock.now() - timedelta(days=1) if announced else None,
        )  # fmt: skip
        session.add(run)
        return run.id


class Kept:
    """A copy of everything on disk and in the database, to which the workshop goes back."""

    def __init__(self, copy: Path) -> None:
        self._folder, self._copy, self._url = get_settings().var_dir, copy, get_settings().database
        get_engine().dispose()
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self._folder, copy)
        self._kept = server().copy(self._url) if ON_POSTGRES else None

    def restore(self) -> None:
        get_engine().dispose()
        shutil.rmtree(self._folder)
        shutil.copytree(self._copy, self._folder)
        if self._kept:
            server().put_back(self._url, self._kept)


def books(without: frozenset[str] = frozenset({"runs", "plans"})) -> dict[str, list[str]]:
    """Every row of every table, and every file of a picture; ids that were made on the way are all one."""
    found: dict[str, list[str]] = {}
    with unit_of_work(write=False) as session:
        for name, table in metadata.tables.items():
            if name in without:
                continue
            columns = [column for column in table.columns if column.name != "version"]
            rows = session.execute(table.select().with_only_columns(*columns)).all()
            found[name] = sorted(_MADE.sub(r"\1_#", repr(tuple(row))) for row in rows)
    images = get_settings().var_dir / "images"
    found["files"] = sorted(str(path.relative_to(images)) for path in images.rglob("*") if path.is_file())
    return found


def moved(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """Rows gone and rows new, by table; empty when nothing moved."""
    return {
        name: ([r for r in rows if r not in after[name]][:3], [r for r in after[name] if r not in rows][:3])
        for name, rows in before.items()
        if rows != after[name]
    }
