"""The demo shops are planted once for all these tests, on a fixed day, and only read."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from backend import features
from backend.db import engine as db_engine
from backend.db.engine import unit_of_work
from backend.db.models import metadata
from backend.kit import clock
from backend.seed.sow import sow
from backend.settings import get_settings

SOWN_AT = datetime(2026, 11, 20, 5, 30, tzinfo=UTC)


@contextmanager
def opened(folder: Path) -> Iterator[Engine]:
    """The database in `folder`, named by the settings as the product's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSTALK_VAR_DIR", str(folder))
        get_settings.cache_clear()
        db_engine.get_engine.cache_clear()
        engine = db_engine.get_engine()
        try:
            with clock.frozen(SOWN_AT):
                yield engine
        finally:
            engine.dispose()
            get_settings.cache_clear()
            db_engine.get_engine.cache_clear()


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a database that was planted once."""
    folder = tmp_path_factory.mktemp("planted")
    features.load()
    with opened(folder) as engine:
        with engine.execution_options(opstalk_write=True).begin() as connection:
            metadata.create_all(connection)
        assert sow("small")
    return folder


@pytest.fixture
def sown(planted: Path) -> Iterator[Engine]:
    with opened(planted) as engine:
        yield engine


@pytest.fixture
def own(planted: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy that the test may spoil."""
    for file in planted.glob("opstalk.db*"):
        shutil.copy(file, tmp_path)
    with opened(tmp_path) as engine:
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
