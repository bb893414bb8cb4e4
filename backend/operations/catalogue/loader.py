"""Finds the operations: every folder beside this file that holds an `operation.yml`."""

import importlib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from backend.errors import InvalidInput
from backend.kit.yaml_file import read_yaml
from backend.operations.contract import Operation, OperationConfig
from backend.operations.known import NOT_IN_THIS_RELEASE

HERE = Path(__file__).parent


@lru_cache
def operations() -> dict[str, Operation]:
    """By key, in the order of lists; read once a process. A folder whose yml does not fit stops the start."""
    found = [_load(path) for path in sorted(HERE.glob("*/operation.yml"))]
    return {o.key: o for o in sorted(found, key=lambda o: (o.config.order, o.key))}


def _load(path: Path) -> Operation:
    config = OperationConfig.model_validate(read_yaml(path))
    if config.key != path.parent.name:
        raise ValueError(f"{path}: the key must be the name of its folder")
    module = importlib.import_module(f"{__package__}.{config.key}.operation")
    rules: type[BaseModel] | None = getattr(module, "Rules", None)
    if rules is not None:
        rules.model_validate(config.rules)
    hooks = {name: getattr(module, name, None) for name in ("prepare", "when_off", "when_on")}
    return Operation(config, module.diagnose, module.plan, **hooks)


def operation_named(key: str) -> Operation:
    """Raises InvalidInput `operation_not_available` for one that comes in a later release, else `unknown_operation`."""
    known = operations()
    if key in known:
        return known[key]
    if key in NOT_IN_THIS_RELEASE:
        raise InvalidInput("not in this release", code="operation_not_available", operation=key)
    raise InvalidInput("no such operation", code="unknown_operation", operation=key, operations=list(known))
