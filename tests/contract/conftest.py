"""The two furnished shops for a whole file of tests, and who calls them."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.contract.routes import bearer
from tests.contract.seeded_shop import Served, served


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("strangers")) as made:
        with TestClient(made.app, headers=bearer(made.session_token("other"))) as theirs:
            # numbers count in each shop: the other shop gets one that this shop has not
            params = {"type": "category_tidy", "fields": {"content": "secret of other", "scope": "mall"}}
            plan = theirs.post("/api/plans", json={"kind": "work_request.create", "params": params}).json()
            done = theirs.post(f"/api/plans/{plan['id']}/confirm", headers={"Idempotency-Key": "second"}).json()
            made.ids["other"]["number"] = str(done["result"]["number"])
            assert made.ids["other"]["number"] != made.ids["oneul"]["number"]
        yield made


@pytest.fixture(scope="module")
def http(shop: Served) -> Iterator[TestClient]:
    with TestClient(shop.app) as client:
        yield client
