"""A stage for each dialogue, on the product that `tests/product.py` starts."""

from collections.abc import Iterator

import pytest

from backend.cli.stack import Stack
from tests.conversations.stage import Stage


@pytest.fixture
def stage(as_product: Stack) -> Iterator[Stage]:
    entered = Stage(as_product)
    yield entered
    entered.leave()
