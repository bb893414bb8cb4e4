"""What several folders of tests share: the running product; what is built once is had by one worker of a parallel run."""

from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling

pytest_plugins = ("tests.product",)

FOLDERS = {"tests/browser/": "product", "tests/conversations/": "product", "tests/simulation/test_a_month.py": "month"}


class OneProduct(LoadGroupScheduling):
    """Groups by folder: pytest 9.2 silently drops the groups of the marks (pytest-xdist issue 1386)."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return next((group for folder, group in FOLDERS.items() if nodeid.startswith(folder)), scope)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProduct | None:
    return OneProduct(config, log) if config.getvalue("dist") == "loadgroup" else None
