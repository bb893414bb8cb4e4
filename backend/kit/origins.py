"""Where goods are made: country codes with what people also call them (data/inventory/origins.yml)."""

from functools import lru_cache
from pathlib import Path

from backend.kit.yaml_file import read_yaml

SOURCE = Path(__file__).resolve().parent.parent.parent / "data" / "inventory" / "origins.yml"


@lru_cache
def origins() -> dict[str, list[str]]:
    known: dict[str, list[str]] = read_yaml(SOURCE)
    return known
