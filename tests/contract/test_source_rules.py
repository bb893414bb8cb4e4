"""Rules of the architecture that the code itself must show: who commits, who tells the time, where wording lives."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.db.models import metadata
from backend.settings import ROOT

OURS = sorted([*(ROOT / "backend").rglob("*.py"), *(ROOT / "actions").rglob("*.py")])
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
#: they read or form Korean itself, or hold data: patterns, particles, units, names; never a sentence that is said
MAY_HOLD_HANGUL = (
    "backend/kit/",
    "backend/orders/searching.py",  # what may stand behind a name
    "backend/seed/",  # the demo shops' own texts
    "backend/cli/greeting.py",  # what the start asks the assistant to see that it answers
    "backend/inquiries/find.py",  # what is written in one with a name
    "backend/inventory/find.py",  # what may follow a size
    "backend/inventory/spreadsheet/understanding.py",  # how people write a number or a date
    "backend/inquiries/spoken.py",  # how a sentence ends
    "backend/inventory_settings/spoken_value.py",  # how people write ranges and sizes
    "backend/markets/categories.py",  # what people call a category
    "backend/markets/limits.py",  # what counts as a letter
    "backend/markets/search_words.py",  # what counts as a letter
    "backend/orders/searching.py",  # what may stand behind a buyer's name
    "backend/shops/values.py",  # what counts as a letter
    "backend/work_requests/withdraw.py",  # how people write a number
    "actions/answers.py",  # how people say "none"
    "actions/coupons.py",  # words that say nothing about which coupon
    "actions/customer_messages.py",  # how people name an audience
    "actions/deals.py",  # how people say yes and no to an offer
    "actions/display.py",  # how people say "release it"
    "actions/inventory_settings_change.py",  # how people ask to read their partners again
    "actions/pointing.py",  # how people name a kind of thing
    "actions/quoting.py",  # how people say what shall be said
    "actions/consent.py",  # how people say "yes"
    "actions/ending.py",  # how people say "for good" and "longer"
    "actions/scope.py",  # what stands between two names
    "actions/followup.py",  # how people go on from before
    "actions/request_corrections.py",  # how people put a field right
    "actions/several.py",  # how people add one more
    "actions/inbound_create.py",  # how people say that goods are to come
    "actions/inbound_said.py",  # how people say that goods come another day, or not
    "actions/stock_safety.py",  # how people say how many shall always be there
    "actions/mistaken.py",  # how people ask what leaves, and say that all of it has left
    "actions/notes_said.py",  # how people say what a note shall say
    "actions/register.py",  # how a formal sentence ends
    "actions/stock.py",  # how people ask what is gone and what runs out
    "actions/stock_history.py",  # how people say late, and in or out
    "actions/stock_words.py",  # how people say that stock came in, went out or was counted
    "actions/promotions.py",  # what stands between two periods
    "actions/reports.py",  # how people say "the week before that"
    "actions/spared.py",  # how people say "stop"
    "actions/turn.py",  # how people say "no"
    "actions/claims_steps.py",  # how people say what became of goods
    "actions/counts_said.py",  # how people count pieces
    "actions/options_said.py",  # what stands behind an option
    "actions/markets_export.py",  # how people say that products go to a market
    "actions/orders_allocate.py",  # how people say "all that wait"
    "actions/orders_beside.py",  # how people say "packed alone", "out of the list" and "back"
    "actions/orders_collect.py",  # how people ask how it went
    "actions/orders_explain.py",  # how people say "all" and "this one"
    "actions/orders_hold.py",  # how people say "keep it" and "let it go"
    "actions/orders_item_said.py",  # how people name an article of theirs
    "actions/orders_lines.py",  # how people name a line
    "actions/orders_match.py",  # how people say "by the rules" and "not matched"
    "actions/orders_meant.py",  # how people point at orders
    "actions/orders_parcels.py",  # how people say "together" and "apart"
    "actions/orders_search.py",  # how people ask for more
    "actions/operations_off_period.py",  # what asks for another end
    "actions/overseas.py",  # how people say weights
    "actions/purchasing.py",  # how people say "again"
    "actions/reasons_said.py",  # how people give a reason
    "actions/shipping_invoice.py",  # how people say "sent" and "wrong"
    "actions/shipping_send.py",  # how people say "all"
    "actions/shipping_labels.py",  # how people say "printed"
)
#: tables of no single shop, or the shop itself
OF_NO_SHOP = {"shops", "staff"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(path: Path) -> Iterator[tuple[str, str, int]]:
    """(what it is called on, the method, the line)"""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr, node.lineno


def test_only_a_unit_of_work_commits() -> None:
    commits = {name_of(path) for path in OURS for _, method, _ in called(path) if method == "commit"}
    assert commits <= {"backend/db/engine.py"} | {n for n in commits if n.startswith(("backend/cli/", "backend/seed/"))}
    assert "backend/db/engine.py" in commits


def test_only_the_clock_tells_the_time() -> None:
    told = {
        (name_of(path), f"{on}.{method}")
        for path in OURS
        for on, method, _ in called(path)
        if (method in ("now", "utcnow") and on.split(".")[-1] == "datetime")
        or (method == "today" and on.split(".")[-1] in ("date", "datetime"))
        or (on, method) == ("time", "time")
    }
    assert told == {("backend/kit/clock.py", "datetime.now")}


def strings(path: Path) -> Iterator[ast.Constant]:
    """Without docstrings; comments are no strings."""
    tree = tree_of(path)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node


def test_no_korean_wording_in_python() -> None:
    found = [
        (name_of(path), node.lineno, node.value)
        for path in OURS
        if not name_of(path).startswith(MAY_HOLD_HANGUL)
        for node in strings(path)
        if HANGUL.search(node.value)
    ]
    assert not found


@pytest.mark.parametrize("allowed", MAY_HOLD_HANGUL)
def test_the_list_of_exceptions_holds_no_more_than_it_must(allowed: str) -> None:
    held = [path for path in OURS if name_of(path).startswith(allowed)]
    assert any(HANGUL.search(node.value) for path in held for node in strings(path))


def test_every_table_belongs_to_a_shop() -> None:
    homeless = {name for name, table in metadata.tables.items() if "shop_id" not in table.columns}
    assert homeless - {"alembic_version"} == OF_NO_SHOP


def test_every_handler_that_reads_a_thing_by_its_id_guards_it() -> None:
    """`session.get(Model, id)` in a member's route stands inside `owned(…)`; the desk works for every shop."""
    bare = []
    for path in sorted((ROOT / "backend").rglob("*endpoints.py")):
        name = name_of(path)
        if name.startswith(("backend/desk/", "backend/web/")):
            continue
        tree = tree_of(path)
        guarded = {
            id(inner)
            for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "owned"
            for inner in ast.walk(node)
        }  # fmt: skip
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) in ("session.get", "session.get_one")
                and id(node) not in guarded
            ):
                bare.append((name, ast.unparse(node)))
    assert sorted(bare) == sorted(OWN_BY_TOKEN)


#: read by what the token or a guarded row itself names
OWN_BY_TOKEN = [
    ("backend/conversations/endpoints.py", "session.get(Conversation, claims.get('conversation') or '')"),
    ("backend/conversations/endpoints.py", "session.get(Member, claims['sub'])"),
    ("backend/operations/display_endpoints.py", "session.get_one(Shop, actor.shop_id)"),
    ("backend/operations/endpoints.py", "session.get_one(Shop, actor.shop_id)"),
    ("backend/operations/setup_endpoints.py", "session.get_one(Shop, actor.shop_id)"),
    ("backend/plans/endpoints.py", "session.get_one(Plan, plan.replaced_by)"),
    ("backend/reports/endpoints.py", "session.get_one(Shop, actor.shop_id)"),
    ("backend/shops/endpoints.py", "session.get_one(Member, actor.id)"),
    ("backend/shops/endpoints.py", "session.get_one(Shop, actor.shop_id)"),
]
