"""A var directory of its own, and pictures of any size."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.settings import get_settings


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("OPSTALK_VAR_DIR", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()
