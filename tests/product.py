"""The real product, started once a run for every test that needs it: action server, Rasa and backend on free ports.

Conversation and browser tests share it (they are one xdist group, so one worker runs them all). Its database holds the
demo shops and people; a test that changes something builds a small shop of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import features
from backend.cli.ports import free_ports
from backend.cli.stack import Stack
from backend.cli.train import MODELS
from backend.db import engine as db_engine
from backend.db.schema import migrate
from backend.seed.sow import sow
from backend.settings import get_settings
from tests.databases import ON_POSTGRES, server

ON_THE_PRODUCT = (pytest.mark.rasa, pytest.mark.xdist_group("rasa"))  # every module that uses it: `pytestmark`


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if not list(MODELS.glob("*.tar.gz")):
        pytest.fail("no trained model: run `make train` first")
    var_dir: Path = tmp_path_factory.mktemp("stack")
    url = server().take() if ON_POSTGRES else f"sqlite:///{var_dir / 'opstalk.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPSTALK_VAR_DIR", str(var_dir))
        patch.setenv("OPSTALK_DATABASE_URL", url)
        _read_settings_again()
        features.load()
        migrate()
        with Stack(
            var_dir, free_ports(), parts=("actions", "rasa", "backend"), env={"OPSTALK_DATABASE_URL": url}
        ) as running:
            sow("small")  # while Rasa loads its model
            running.wait_until_serving()
            patch.undo()
            _read_settings_again()
            yield running


@pytest.fixture
def as_product(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    """The test's own process looks into the product's database, as another process of the product would."""
    monkeypatch.setenv("OPSTALK_VAR_DIR", str(stack.var_dir))
    monkeypatch.setenv("OPSTALK_DATABASE_URL", stack.env()["OPSTALK_DATABASE_URL"])
    _read_settings_again()
    yield stack
    monkeypatch.undo()
    _read_settings_again()


def _read_settings_again() -> None:
    get_settings.cache_clear()
    db_engine.get_engine.cache_clear()
