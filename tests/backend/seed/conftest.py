"""The demo shops are planted once for all these tests, on a fixed day, and only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.seed.sow import sow
from backend.settings import get_settings
from tests.databases import a_copy, own_database, wired

SOWN_AT = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    folder: Path
    url: str


@contextmanager
def opened(planted: Planted) -> Iterator[Engine]:
    """Named by the settings as the product's."""
    with wired(planted.folder, planted.url) as engine, clock.frozen(SOWN_AT):
        yield engine


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """A database that was planted once."""
    folder = tmp_path_factory.mktemp("planted")
    with own_database(folder, keep=True), clock.frozen(SOWN_AT):
        made = Planted(folder, get_settings().database)
        assert sow("small")
    return made


@pytest.fixture
def sown(planted: Planted) -> Iterator[Engine]:
    with opened(planted) as engine:
        yield engine


@pytest.fixture
def own(planted: Planted, tmp_path: Path) -> Iterator[Engine]:
    """A copy that the test may spoil."""
    with a_copy(planted.url, tmp_path) as url, opened(Planted(tmp_path, url)) as engine:
        yield engine


@pytest.fixture
def session(sown: Engine) -> Iterator[Session]:
    """What a test writes here is rolled back."""
    with sown.connect() as connection, Session(bind=connection) as session:
        yield session
        session.rollback()


@pytest.fixture
def reading(sown: Engine) -> Iterator[Session]:
    with unit_of_work(write=False, engine=sown) as session:
        yield session
