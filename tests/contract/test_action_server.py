"""The action server, started for real, offers exactly the actions domain.yml names; its client calls only real routes."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from actions.client.backend import Backend
from backend.app import create_app
from backend.cli.ports import free_ports
from backend.cli.stack import Stack
from backend.settings import ROOT

sys.dont_write_bytecode = True


@pytest.fixture(scope="module")
def action_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    ports = free_ports()
    with Stack(Path(tmp_path_factory.mktemp("actions")), ports, parts=("actions",)) as stack:
        stack.wait_until_serving()
        yield f"http://127.0.0.1:{ports.actions}"


def test_offers_exactly_the_actions_of_the_domain(action_server: str) -> None:
    offered = {action["name"] for action in httpx.get(f"{action_server}/actions").json()}
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert offered == {name for name in domain["actions"] if not name.startswith("utter_")}


def test_rules_use_only_intents_and_actions_of_the_domain() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(i)) if isinstance(i, dict) else i for i in domain["intents"]}
    handled = set()
    for path in (ROOT / "data").glob("*/rules.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            handled |= {step["intent"] for step in rule["steps"] if "intent" in step}
    assert handled == intents


def test_the_client_calls_only_routes_of_the_api() -> None:
    routes = {
        (method.upper(), re.sub(r"\{[^}]+\}", "{}", path))
        for path, methods in create_app().openapi()["paths"].items()
        for method in methods
    }
    called = set()
    for _, function in inspect.getmembers(Backend, inspect.isfunction):
        source = inspect.getsource(function)
        for verb, path in re.findall(r"""self\._(get|post)\(\s*f?"(/api/[^"]+)\"""", source):
            called.add((verb.upper(), re.sub(r"\{[^}]+\}", "{}", path)))
        for verb, path in re.findall(r"""self\._token, "([A-Z]+)", f?"(/api/[^"]+)\"""", source):
            called.add((verb, re.sub(r"\{[^}]+\}", "{}", path)))
    assert len(called) >= 25
    assert not called - routes
