"""Preview, confirmation, refusal and undo, the same for every wish."""

import logging
from typing import Any, ClassVar

from actions import blocks
from actions.after_done import ABOUT, after
from actions.announced import look_at_notice
from actions.base import WISHES, TurnAction
from actions.changes import diff_block
from actions.client.errors import BackendError
from actions.consent import asked_just_before, is_clear_yes
from actions.ending import PERIOD, is_for_good, period_of
from actions.turn import Json, Turn

log = logging.getLogger(__name__)
CORRECTING = frozenset({"operation", "market", "date", "scope", "position", "product", "request_no"})


async def propose(turn: Turn, wish: str, values: Json, kind: str, params: Json, **context: Any) -> None:
    """Preview and put the confirm card; `values` let a correction start from what is already known.

    The preview that waited gives way; where it was about something else, that is said.
    """
    pending = turn.slot("plan")
    await drop_pending(turn)
    plan = await turn.api.preview(kind, params)
    said = what(turn, plan, context)
    if pending and pending.get("said") != said and not turn.given:
        turn.say("plan.replaced", what=pending["said"])
    show_preview(turn, plan, wish, values, context)


def what(turn: Turn, plan: Json, context: Json) -> str:
    """The change in a few words: "쿠팡 상품명 개선 끄기"."""
    return turn.words("plan.what", plan=plan, **context)


def show_preview(turn: Turn, plan: Json, wish: str, values: Json, context: Json) -> None:
    title = turn.words(f"preview.{plan['kind']}.title", plan=plan, params=plan["params"], **context)
    said = [turn.words(f"effect.{e['code']}", data=e["data"]) for e in plan["effects"]]
    effects = [line for sentence in said for line in sentence.splitlines()]
    block: blocks.Block = {
        "type": "confirm",
        "plan_id": plan["id"],
        "title": title,
        "effects": [e for e in effects if e],
        "undoable": plan["undoable"],
        "note": turn.words("preview.undoable" if plan["undoable"] else "preview.not_undoable"),
        "expires_at": plan["expires_at"],
        "buttons": [
            turn.link_button("confirm", "affirm", plan_id=plan["id"], style="primary"),
            turn.link_button("refuse", "deny", plan_id=plan["id"]),
        ],
    }
    # an undo puts the last change back first; people read it in the order in which it was done
    ordered = plan["changes"][::-1] if plan["kind"] == "undo" else plan["changes"]
    shown = diff_block(turn, ordered)
    if shown:
        block["diff"] = shown
    turn.add(block)
    turn.remember(
        plan={
            "id": plan["id"], "kind": plan["kind"], "wish": wish, "values": values, "context": context,
            "said": what(turn, plan, context), "asked_after": turn.message_id,
        }
    )  # fmt: skip


async def drop_pending(turn: Turn) -> bool:
    """The preview that waited is no longer meant; true when there was one."""
    pending = turn.slot("plan")
    if not pending:
        return False
    turn.remember(plan=None)
    await _discard(turn, pending["id"])
    return True


async def _discard(turn: Turn, plan_id: str) -> None:
    try:
        await turn.api.discard(plan_id)
    except BackendError as error:
        log.info("the preview could not be discarded: %s", error.code)


class Affirm(TurnAction):
    """Carries out the preview that waits; the plan's id is the key, so that twice is once."""

    action_name: ClassVar[str] = "action_affirm"

    async def handle(self, turn: Turn) -> None:
        pending = turn.slot("plan")
        named = turn.entity("plan_id")
        if not turn.is_payload and not any(c.isalnum() for c in turn.text):  # "..." is no yes, whatever it resembles
            turn.say("plan.say_yes" if pending else "fallback.not_understood")
            turn.offer(turn.link_button("menu", "help"), turn.link_button("agent", "handoff_request"))
            return
        plan_id = named or (pending or {}).get("id")
        if not plan_id:
            turn.say("plan.nothing_to_confirm")
            return
        if not named and pending and (await revise(turn) or await _show_again(turn, pending)):
            return
        await carry_out(turn, plan_id, pending if pending and pending["id"] == plan_id else None)


async def carry_out(turn: Turn, plan_id: str, pending: Json | None) -> None:
    """Confirm, say what was done, and go on with what was to follow; `pending` is None for an older card's button."""
    try:
        plan = await turn.api.confirm(plan_id, key=f"confirm-{plan_id}")
    except BackendError as error:
        if error.code == "plan_stale":
            turn.say("plan.stale")
            known = pending or {"wish": "", "values": {}, "context": {}}
            show_preview(turn, error.data["plan"], known["wish"], known["values"], known["context"])
            return
        if pending:
            turn.remember(plan=None)
        raise
    if pending:
        turn.remember(plan=None)
    context = (pending or {}).get("context") or {}
    done(turn, plan, context)
    if pending and pending["values"].get("then"):
        await _go_on(turn, pending)
    else:
        await after(turn, plan, context)


async def _show_again(turn: Turn, pending: Json) -> bool:
    """A typed yes that may mean something else: show what it would carry out, instead of guessing."""
    if pending["wish"] not in WISHES:
        return False
    just_asked = asked_just_before(turn, pending)
    if just_asked and is_clear_yes(turn):
        return False
    turn.say("plan.unsure" if just_asked else "plan.again")
    turn.given = dict(pending["values"])
    await WISHES[pending["wish"]].handle(turn)
    return True


async def _go_on(turn: Turn, pending: Json) -> None:
    """Of several things wished for at once, the next one is previewed when the one before is done."""
    first, *rest = pending["values"]["then"]
    kept = {k: v for k, v in pending["values"].items() if k in PERIOD}
    turn.given = {**kept, **first, "then": rest}
    await WISHES[pending["wish"]].handle(turn)


def done(turn: Turn, plan: Json, context: Json) -> None:
    """Say that it is done, what exactly, and offer the way back."""
    turn.say(f"done.{plan['kind']}", plan=plan, params=plan["params"], result=plan["result"], **context)
    turn.remember(
        last_done={
            "source_type": "plan", "source_id": plan["id"], "said": what(turn, plan, context),
            "operation": plan["params"].get("operation"), "kind": plan["kind"], "switch_id": _switch_of(plan),
            "undid": context.get("undid"),
        }
    )  # fmt: skip
    turn.look_at(
        operation=plan["params"].get("operation"),
        market=plan["params"].get("market"),
        request_number=plan["result"].get("number") if plan["kind"].startswith("work_request.") else None,
        **{name: context.get(name) for name in ABOUT},
    )
    items = []
    if plan["undoable"] and plan["kind"] != "undo":
        items.append(turn.link_button("undo", "ops_undo", source_type="plan", source_id=plan["id"]))
    if plan["kind"] == "undo" and context.get("run"):
        run = context["run"]
        items.append(turn.link_button("off_this", "ops_off", operation=run["operation"], market=run["market"]))
    if plan["kind"].startswith("ops."):
        items.append(turn.link_button("off_list", "ops_off_list"))
    if plan["kind"].startswith("setup."):
        items.append(turn.link_button("setup", "ops_setup_status"))
    if plan["kind"].startswith("work_request."):
        items.append(turn.link_button("request_status", "work_request_status"))
    turn.offer(*items)


def _switch_of(plan: Json) -> str | None:
    """The OFF that an executed plan made or gave another period."""
    if plan["kind"] not in ("ops.off", "ops.off_period"):
        return None
    return next((c["target_id"] for c in plan["changes"] if c["target_type"] == "off_switch"), None)


class Deny(TurnAction):
    """Drops the preview, or corrects it when the refusal says what is meant instead ("아니 쿠팡만")."""

    action_name: ClassVar[str] = "action_deny"

    async def handle(self, turn: Turn) -> None:
        named = turn.entity("plan_id")
        if named and named != (turn.slot("plan") or {}).get("id"):  # the button of an older card
            await _discard(turn, named)
            turn.say("plan.dropped")
            return
        if await correct(turn):
            return
        if await drop_pending(turn):
            turn.say("plan.dropped")
        elif not await _refuses_notice(turn):
            turn.say("plan.nothing_to_refuse")


async def _refuses_notice(turn: Turn) -> bool:
    """ "내일 하지 마" right after PRO's notice: at another time, or not at all?"""
    run = await look_at_notice(turn)
    if run is None:
        return False
    turn.say("ops_postpone.how_not", run=run)
    turn.offer(
        turn.link_button("postpone", "ops_postpone", run_id=run["id"]),
        turn.link_button("off_this", "ops_off", operation=run["operation"], market=run["market"]),
    )
    return True


async def revise(turn: Turn) -> bool:
    """A yes that names something else than what was shown ("네 근데 쿠팡만요") corrects first."""
    values = (turn.slot("plan") or {}).get("values", {})
    until = turn.entity("date")
    known = {str(v) for value in values.values() for v in (value if isinstance(value, list) else [value])}
    names = [e for e in turn.entities if e["entity"] in ("operation", "market", "position")]
    other = [e for e in names if str(e["value"]) not in known]
    return bool(other or (until and until != values.get("until"))) and await correct(turn)


async def correct(turn: Turn) -> bool:
    """True when a preview waits and this message changes what it should do: it is previewed anew."""
    pending = turn.slot("plan")
    if turn.is_payload or not pending or pending["wish"] not in WISHES:
        return False
    if await correct_field(turn):
        return True
    wish = WISHES[pending["wish"]]
    named = any(e["entity"] in CORRECTING for e in turn.entities) or is_for_good(turn) or _sets_period(turn, pending)
    if not wish.corrects_by_entity or not named:
        return False
    turn.given = dict(pending["values"])
    await wish.handle(turn)
    return True


def _sets_period(turn: Turn, pending: Json) -> bool:
    """An hour or a length says no date, but it is a period of the OFF that waits."""
    return pending["wish"] in ("ops_off", "ops_off_period") and bool(period_of(turn))


async def correct_field(turn: Turn) -> bool:
    """True when this message changes one field of the preview that waits ("가격은 2만원으로요")."""
    pending = turn.slot("plan")
    if turn.is_payload or not pending or pending["wish"] not in WISHES:
        return False
    wish = WISHES[pending["wish"]]
    changed = await wish.corrected(turn, pending["values"], preview=True)
    if not changed:
        return False
    turn.say("ask.corrected", **changed)
    turn.given = dict(changed["values"])
    await wish.handle(turn)
    return True
