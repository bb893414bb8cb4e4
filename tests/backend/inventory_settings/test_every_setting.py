"""No setting without a meaning, an effect, a row of the table in the docs, and a test that behaviour differs."""

import re
from pathlib import Path

import pytest

from backend.inventory_settings.catalogue import SETTINGS
from backend.inventory_settings.consequences import CONSEQUENCES
from backend.inventory_settings.effects import common
from backend.inventory_settings.effects.registry import EFFECTS
from backend.inventory_settings.service import kind_of
from backend.inventory_settings.shown import shown
from backend.inventory_settings.words import words
from backend.kit.wording import wording
from tests.backend.inventory_settings.behaviour import test_of_labels_and_cs, test_of_orders, test_of_stock
from tests.backend.inventory_settings.behaviour.coverage import SHOWN
from tools.settings_table import DOCUMENT, document

MODULES = (test_of_labels_and_cs, test_of_orders, test_of_stock)


def test_the_words_and_the_effects_are_of_the_settings_there_are() -> None:
    assert words().settings.keys() == SETTINGS.keys() == EFFECTS.keys()
    assert CONSEQUENCES.keys() <= SETTINGS.keys()


@pytest.mark.parametrize("key", sorted(SETTINGS))
def test_each_has_a_meaning_in_whole_sentences(key: str) -> None:
    spoken = words().settings[key]
    assert re.search(r"(?:요|어요|예요)\.(?:\s|$)", spoken.meaning)
    assert spoken.name
    assert spoken.aliases


@pytest.mark.parametrize("key", sorted(SETTINGS))
def test_each_has_a_test_that_behaviour_differs(key: str) -> None:
    tests = {name for module in MODULES for name in vars(module) if name.startswith("test_")}
    assert SHOWN.get(key), f"no test shows what {key} changes"
    assert set(SHOWN[key]) <= tests


@pytest.mark.parametrize("key", sorted(SETTINGS))
def test_each_choice_and_part_has_a_name(key: str) -> None:
    setting, spoken = SETTINGS[key], words().settings[key]
    kind = kind_of(setting)
    if kind == "choice":
        assert spoken.values.keys() == {member.value for member in setting.type}
    if kind == "parts":
        assert list(spoken.parts) == list(type(setting.default).model_fields)
    if kind in ("list", "forms"):
        assert spoken.element
    if kind == "number":
        assert spoken.unit
    assert shown(key, setting.default)


def test_what_it_needs_is_a_setting_whose_default_is_asked_rightly() -> None:
    for setting in SETTINGS.values():
        if setting.needs:
            assert setting.needs.key in SETTINGS
            assert isinstance(setting.needs.holds(SETTINGS[setting.needs.key].default), bool)


def test_the_table_of_the_docs_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `python -m tools.settings_table`"
    assert all(f"| `{key}` |" in document() for key in SETTINGS)


def test_every_effect_of_a_setting_has_a_sentence() -> None:
    codes = set()
    for path in (Path(common.__file__).parent).glob("*.py"):
        codes |= set(re.findall(r'Effect\(\s*"(setting_[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert len(codes) > 20
    assert {code for code in codes if f"effect.{code}" not in wording()} == set()
