"""The folder of `data/` an intent's sentences stand in is its area: the model and the actions both rely on it."""

import re
from collections import defaultdict

import yaml

from actions.not_yet import later_area
from backend.kit.intent_areas import DATA, intent_areas
from backend.kit.wording import wording


def test_an_intent_stands_in_one_folder_only() -> None:
    folders = defaultdict(set)
    for path in DATA.glob("*/nlu_*.yml"):
        for intent in re.findall(r"(?m)^- intent: *(\S+)", path.read_text(encoding="utf-8")):
            folders[intent].add(path.parent.name)
    assert {intent: found for intent, found in folders.items() if len(found) > 1} == {}
    assert set(folders) == set(intent_areas())


def test_every_intent_that_is_not_carried_out_yet_says_so() -> None:
    ruled = {}
    for path in DATA.glob("*/rules.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            steps = [step for step in rule["steps"] if "intent" in step or "action" in step]
            if len(steps) >= 2 and "intent" in steps[0]:
                ruled[steps[0]["intent"]] = steps[1].get("action")
    later = [intent for intent in intent_areas() if later_area(intent) and not intent.startswith("faq/")]
    assert later
    assert [intent for intent in later if intent not in ruled] == []
    told = wording().named("intent")
    assert [intent for intent in later if intent not in told] == []
    assert [i for i, action in ruled.items() if (action == "action_not_yet") != bool(later_area(i))] == []
