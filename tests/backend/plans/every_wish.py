"""Every plan kind's wishes, each beside its own feature's tests: tests/backend/<feature>/wishes.py.

`WISHES` is what people may say, well or badly, for the laws that hold for every kind (test_properties.py). `STAYS` are tables
of things that are filed or set: they stay in the books, only out of service, whatever is undone. `OF_A_STRANGER` puts another
shop's thing into each place that names one (None: the kind names nothing) and `RIGHTS` what needs which right, or
the code of a refusal that names none (tests/contract/test_strangers.py, test_rights.py). A kind that any of them leaves out,
or two tell of, fails.
"""

from collections import Counter
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.backend.plans.said import Wish

FOLDER = Path(__file__).parents[1]
FEATURES = [import_module(f"tests.backend.{file.parent.name}.wishes") for file in sorted(FOLDER.glob("*/wishes.py"))]


def _gathered(name: str) -> dict[str, Any]:
    told = Counter(kind for feature in FEATURES for kind in getattr(feature, name))
    assert set(told.values()) == {1}, [kind for kind, times in told.items() if times > 1]
    return {kind: said for feature in FEATURES for kind, said in getattr(feature, name).items()}


WISHES: dict[str, Wish] = _gathered("WISHES")
OF_A_STRANGER: dict[str, list[dict[str, str]] | None] = _gathered("OF_A_STRANGER")
RIGHTS: dict[str, tuple[dict[str, Any], str]] = _gathered("RIGHTS")
STAYS: frozenset[str] = reduce(frozenset.union, (getattr(feature, "STAYS", frozenset()) for feature in FEATURES))
