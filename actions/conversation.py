"""Small talk, help, leaving a form, and bare answers that continue what went before."""

from typing import ClassVar

from actions import blocks
from actions.asking import take_up
from actions.base import WISHES, TurnAction
from actions.followup import ask_again
from actions.plans import correct, drop_pending
from actions.register import speaks_formally
from actions.request_menu import picked_from_menu
from actions.turn import Turn


class Greet(TurnAction):
    """Says hello with what there is to know about this shop right now."""

    action_name: ClassVar[str] = "action_greet"

    async def handle(self, turn: Turn) -> None:
        me = await turn.api.me()
        key = "conversation.greet_formal" if speaks_formally(turn) else "conversation.greet"
        turn.say(key, shop=me["shop"], member=me["member"])
        offer_starters(turn)


class Thank(TurnAction):
    action_name: ClassVar[str] = "action_thank"

    async def handle(self, turn: Turn) -> None:
        turn.say("conversation.thank_formal" if speaks_formally(turn) else "conversation.thank")


class Goodbye(TurnAction):
    action_name: ClassVar[str] = "action_goodbye"

    async def handle(self, turn: Turn) -> None:
        turn.say("conversation.goodbye_formal" if speaks_formally(turn) else "conversation.goodbye")


class Help(TurnAction):
    action_name: ClassVar[str] = "action_help"

    async def handle(self, turn: Turn) -> None:
        turn.say("conversation.help")
        offer_starters(
            turn,
            turn.link_button("inquiries", "inquiry_list"),
            turn.link_button("deals", "deal_list"),
            turn.link_button("messages", "customer_message_status"),
        )


def offer_starters(turn: Turn, *more: blocks.Block) -> None:
    turn.offer(
        turn.link_button("status", "ops_status"),
        turn.link_button("not_running", "ops_not_running"),
        turn.link_button("cost", "promotion_cost_report"),
        turn.link_button("turn_off", "ops_off"),
        turn.link_button("request", "work_request_catalog"),
        *more,
        turn.link_button("agent", "handoff_request"),
    )


class Cancel(TurnAction):
    """Leaves whatever was being filled in or waited for a yes; nothing of it is carried out."""

    action_name: ClassVar[str] = "action_cancel"

    async def handle(self, turn: Turn) -> None:
        was_asking = bool(turn.slot("wanted"))
        dropped = await drop_pending(turn)
        turn.remember(wanted=None, detail=None, requested_slot=None)
        turn.say("conversation.cancelled" if was_asking or dropped else "conversation.nothing_to_cancel")


class Inform(TurnAction):
    """A bare name or date: it corrects the preview that waits, or asks what to do with the thing named."""

    action_name: ClassVar[str] = "action_inform"

    async def handle(self, turn: Turn) -> None:
        if turn.entity("resume") and take_up(turn):
            return
        if await correct(turn) or await ask_again(turn) or await picked_from_menu(turn):
            return
        place = turn.entity("ordinal")
        shown = turn.slot("shown") or []
        if isinstance(place, int) and shown and -1 <= place <= len(shown) and place != 0:
            thing = shown[place - 1 if place > 0 else -1]
            turn.look_at(**thing)
            await WISHES["ops_explain" if thing.get("run_id") else "work_request_status"].handle(turn)
            return
        if turn.entity("setup_item"):
            await WISHES["ops_setup_complete"].handle(turn)
            return
        operation = turn.entity("operation")
        if operation:
            turn.look_at(operation=operation, market=turn.entity("market"))
            turn.say("conversation.which_about_operation", operation=operation)
            turn.offer(
                turn.link_button("status", "ops_status", operation=operation),
                turn.link_button("why_not", "ops_not_running", operation=operation),
                turn.link_button("off_this", "ops_off", operation=operation),
            )
            return
        market = turn.entity("market")
        if market:
            turn.look_at(market=market)
            turn.say("conversation.which_about_market", market=market)
            turn.offer(
                turn.link_button("market_health", "market_status", market=market),
                turn.link_button("market_scope", "faq/market_scope", market=market),
                turn.link_button("off_market", "ops_off", market=market),
            )
            return
        number = turn.entity("request_no")
        if number:
            turn.look_at(request_number=number)
            await WISHES["work_request_status"].handle(turn)
            return
        turn.say("conversation.inform_without_context")
        offer_starters(turn)
