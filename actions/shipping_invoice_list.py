"""A pasted list of orders, couriers and tracking numbers."""

from actions import blocks
from actions.client.errors import BackendError
from actions.invoices_said import Row, rows_said
from actions.plans import propose
from actions.turn import Turn

REFUSED_ROWS = "invoices_refused"


async def register_list(turn: Turn) -> None:
    """Lines of order, courier and number: those that fit are previewed, each of the others is named with its reason."""
    rows = await rows_said(turn)
    good, bad = [row for row in rows if row.fits], [row for row in rows if not row.fits]
    while good:
        items = [row.item for row in good]
        try:
            await propose(turn, "invoice_register", {"items": items}, "invoice.register", {"items": items})
            _say_left_out(turn, bad)
            return
        except BackendError as error:
            if error.code == REFUSED_ROWS:
                refused = {int(row["row"]) - 1: row for row in error.data["rows"]}
            elif len(good) == 1:
                refused = {0: {"code": error.code, "data": error.data}}
            else:
                raise
            bad += [good[n].refused(told["code"], told["data"]) for n, told in sorted(refused.items())]
            good = [row for n, row in enumerate(good) if n not in refused]
    _say_left_out(turn, bad)
    if not rows:
        turn.say("shipping.how_to_paste")


def _say_left_out(turn: Turn, bad: list[Row]) -> None:
    if not bad:
        return
    lines = [turn.words("shipping.rows_left_out", n=len(bad))]
    for row in bad[:10]:
        why = turn.words(f"problem.{row.code}", data=row.data)
        lines.append(turn.words("shipping.row_left_out", said=row.said, why=why))
    turn.put_first(blocks.text("\n".join(lines)))
