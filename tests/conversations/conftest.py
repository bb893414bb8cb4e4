"""Starts the real product once a run: action server, Rasa and backend, on free ports and a database of their own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import features
from backend.cli.ports import free_ports
from backend.cli.stack import Stack
from backend.cli.train import MODELS
from backend.db import engine as db_engine
from backend.db.schema import migrate
from backend.settings import get_settings
from tests.conversations.stage import Stage


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if not list(MODELS.glob("*.tar.gz")):
        pytest.fail("no trained model: run `make train` first")
    var_dir: Path = tmp_path_factory.mktemp("stack")
    os.environ["OPSTALK_VAR_DIR"] = str(var_dir)
    get_settings.cache_clear()
    db_engine.get_engine.cache_clear()
    features.load()
    migrate()
    with Stack(var_dir, free_ports(), parts=("actions", "rasa", "backend")) as running:
        running.wait_until_serving()
        yield running


@pytest.fixture
def stage(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setenv("OPSTALK_VAR_DIR", str(stack.var_dir))
    get_settings.cache_clear()
    db_engine.get_engine.cache_clear()
    entered = Stage(stack)
    yield entered
    entered.leave()
    get_settings.cache_clear()
    db_engine.get_engine.cache_clear()
