"""What comes after a change was carried out: the next step's buttons, a file that was made. By plan kind; filled by features."""

from collections.abc import Awaitable, Callable

from actions.turn import Json, Turn

After = Callable[[Turn, Json, Json], Awaitable[None]]
AFTER: dict[str, After] = {}
#: what a wish was about stays what is talked about
ABOUT = ("order_id", "shipment_id", "claim_id")


async def after(turn: Turn, plan: Json, context: Json) -> None:
    hook = AFTER.get(plan["kind"])
    if hook is not None:
        await hook(turn, plan, context)
