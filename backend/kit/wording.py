"""What the product says: Jinja sentences from `data/*/replies.yml` and `chat.yml`, the names of things from `data/names.yml`.

A sentence's key is `<section>.<name>`; a name's is kind + key (`operation`, `main_display`).
An unknown key raises KeyError: a missing sentence is a defect, never an empty bubble.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from backend.kit import clock, josa_filters
from backend.kit.yaml_file import read_yaml

DATA = Path(__file__).resolve().parents[2] / "data"


class Wording:
    def __init__(self, root: Path = DATA) -> None:
        self._names: dict[str, dict[str, str]] = read_yaml(root / "names.yml")
        self._environment = Environment(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            keep_trailing_newline=False,
        )
        josa_filters.install(self._environment, clock.today)
        self._environment.filters["name"] = lambda key, kind: self.name(kind, key)
        self._environment.globals["name"] = self.name
        self._environment.globals["phrase"] = self.say
        self._sentences: dict[str, str] = {}
        self._compiled: dict[str, Template] = {}
        macros = self._environment.from_string((root / "macros.j2").read_text(encoding="utf-8")).module
        self._environment.globals.update({k: v for k, v in vars(macros).items() if k.startswith("say_")})
        for path in sorted([*root.glob("*/replies.yml"), *root.glob("*/chat.yml")]):
            self._collect(path, "", read_yaml(path))

    def _collect(self, path: Path, prefix: str, node: Any) -> None:
        if isinstance(node, Mapping):
            for key, child in node.items():
                self._collect(path, f"{prefix}.{key}" if prefix else str(key), child)
            return
        if prefix in self._sentences:
            raise ValueError(f"{path.name}: {prefix} is said twice")
        self._sentences[prefix] = str(node).strip()

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def keys(self) -> frozenset[str]:
        return frozenset(self._sentences)

    def say(self, key: str, /, **context: Any) -> str:
        """The sentence, rendered; raises KeyError for an unknown key and UndefinedError for a missing value."""
        return self.compile(key).render(**context).strip()

    def compile(self, key: str) -> Template:
        """The sentence's template, kept; raises KeyError for an unknown key."""
        template = self._compiled.get(key)
        if template is None:
            template = self._compiled[key] = self._environment.from_string(self._sentences[key])
        return template

    def name(self, kind: str, key: Any) -> str:
        """A thing's Korean name; an unknown key is said as it is, so that new data never breaks an answer."""
        return self._names[kind].get(str(key), str(key))

    def named(self, kind: str) -> dict[str, str]:
        return dict(self._names[kind])


@lru_cache
def wording() -> Wording:
    return Wording()
