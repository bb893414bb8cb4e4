"""Every sentence the code asks for exists, every sentence can be compiled, and every error code has one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import backend.errors
from backend.kit.wording import DATA, wording
from backend.settings import ROOT

ACTIONS = sorted((ROOT / "actions").rglob("*.py"))
LITERAL = re.compile(r"""\.(?:say|words)\(\s*["']([a-z_.]+)["']""")
BUTTON = re.compile(r"""link_button\(\s*["']([a-z_]+)["']""")
CODE = re.compile(r"""code(?:: ClassVar\[str\])?\s*=\s*["']([a-z_]+)["']""")
#: answered before a conversation exists, or only ever seen by staff or by the widget
NOT_SPOKEN = frozenset({
    "token_expired", "identity_too_long", "cross_site", "method_not_allowed", "http", "conflict", "plan_stale", "internal",
})  # fmt: skip


def keys_in(pattern: re.Pattern[str], paths: list[Path]) -> set[tuple[str, str]]:
    return {(path.name, key) for path in paths for key in pattern.findall(path.read_text(encoding="utf-8"))}


def test_every_sentence_an_action_says_exists() -> None:
    said, buttons = keys_in(LITERAL, ACTIONS), keys_in(BUTTON, ACTIONS)
    assert len(said) > 300 and len(buttons) > 100, "the patterns find what actions say"
    missing = [found for found in said if found[1] not in wording()]
    missing += [found for found in buttons if f"button.{found[1]}" not in wording()]
    assert not missing


def test_every_sentence_compiles() -> None:
    for key in sorted(wording().keys()):
        wording().compile(key)


FORMAL = re.compile(r"(?:습니다|습니까|입니다|십시오|한다|이다|해라|니다)[.!?]?$")
POLITE = re.compile(r"(?:요|죠)[.!?]?$")


def lines_of(said: object, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, line) of everything that is said."""
    if isinstance(said, dict):
        for name, inner in said.items():
            yield from lines_of(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(said, str):
        yield from ((key, line.strip()) for line in said.splitlines())


def spoken() -> list[tuple[str, str]]:
    paths = [*DATA.glob("*/replies.yml"), *DATA.glob("*/chat.yml")]
    return [found for path in paths for found in lines_of(yaml.safe_load(path.read_text(encoding="utf-8")))]


def test_every_sentence_is_polite_in_the_same_way() -> None:
    """해요체 throughout: no sentence ends in 합니다체 or 반말, but for the wordings made for who writes so."""
    assert not [(key, line) for key, line in spoken() if FORMAL.search(line) and not key.endswith("_formal")]


def test_a_formal_wording_is_formal_throughout_and_has_its_plain_one() -> None:
    formal = [(key, line) for key, line in spoken() if key.endswith("_formal")]
    assert {key.removesuffix("_formal") for key, _ in formal} <= wording().keys()
    sentences = [(key, part) for key, line in formal for part in re.split(r"(?<=[.!?])\s+", line) if part]
    assert sentences
    assert not [found for found in sentences if POLITE.search(found[1]) or not FORMAL.search(found[1])]


#: where the code of a refusal may have its sentence
SECTIONS = ("problem", "page_problem", "effect", "rule", "fix", "markets.trouble")
#: the widget and the desk put these in words of their own
SPEAK_FOR_THEMSELVES = {"conversations", "desk"}
PACKAGES = sorted({path.parent.name for path in (ROOT / "backend").glob("*/__init__.py")} - SPEAK_FOR_THEMSELVES)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_error_code_of_the_backend_has_a_sentence(package: str) -> None:
    paths = sorted((ROOT / "backend" / package).rglob("*.py"))
    codes = {code for _, code in keys_in(CODE, paths)} | {code for path in paths for code in handed_on(path)}
    unsaid = {code for code in codes - NOT_SPOKEN if not any(f"{section}.{code}" in wording() for section in SECTIONS)}
    assert not unsaid


def test_codes_that_a_function_hands_on_are_found_too() -> None:
    assert "barcode_check_digit" in handed_on(ROOT / "backend" / "inventory" / "barcode_digits.py")


def handed_on(path: Path) -> set[str]:
    """What functions of the file that take a `code` and put it into an error are called with."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    errors = {id(call) for call in calls if ast.unparse(call.func) in vars(backend.errors)}
    taking = {
        made: [one.arg for one in made.args.args].index("code")
        for made in ast.walk(tree)
        if isinstance(made, ast.FunctionDef) and "code" in [one.arg for one in made.args.args]
    }
    places = {
        made.name: place for made, place in taking.items()
        if any(id(inner) in errors and "code=code" in ast.unparse(inner) for inner in ast.walk(made))
    }  # fmt: skip
    given = [call.args[place] for call in calls if len(call.args) > (place := places.get(ast.unparse(call.func), 99))]
    return {one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def test_every_effect_of_a_preview_has_a_sentence() -> None:
    effect = re.compile(r"""Effect\(\s*["']([a-z_]+)["']""")
    paths = sorted((ROOT / "backend").rglob("*.py"))
    found = keys_in(effect, paths)
    assert len(found) > 100, "the pattern finds what previews tell"
    assert not [one for one in found if f"effect.{one[1]}" not in wording()]


def test_every_offered_intent_has_a_human_title() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    intents = {next(iter(i)) if isinstance(i, dict) else i for i in domain["intents"]}
    from actions.fallback import NEVER_OFFERED

    titled = wording().named("intent")
    assert not {i for i in intents - NEVER_OFFERED - {"faq"} if i not in titled}
