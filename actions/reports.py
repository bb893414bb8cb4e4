"""The weekly operations report in a few lines, with links to the page and the PDF (source: 000, once a week)."""

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import ClassVar

from actions import blocks
from actions.base import TurnAction
from actions.client.errors import BackendError
from actions.turn import Json, Turn
from backend.kit import clock
from backend.kit.korean_dates import DateMention, find_dates, parse_period
from backend.kit.weeks import DAYS, Week, last_complete, last_within, week_of

LISTED = 4
#: the week before the one that is spoken of
BEFORE = re.compile(r"(?:그|이|고)\s*(?:전|이전|앞)\s*(?:주|꺼|거|것|보고)")


class WeeklyReport(TurnAction):
    """The last complete week, or the one the message names; the week that runs is told as such."""

    action_name: ClassVar[str] = "action_ops_weekly_report"
    topic: ClassVar[bool] = True

    async def handle(self, turn: Turn) -> None:
        week = week_named(turn, clock.today())
        try:
            report = await turn.api.weekly_report(week.monday.isoformat())
        except BackendError as error:
            if error.code not in ("report_missing", "report_not_yet"):
                raise
            turn.problem(error)
            await self._offer_others(turn)
            return
        turn.look_at(report_week=week.monday.isoformat())
        told = report["contents"]
        lines = [turn.words("weekly.title", report=report)]
        lines += [turn.words(f"weekly.{part}", contents=told) for part in ("ran", "effect", "cost", "waits")]
        turn.add(blocks.text("\n".join(lines)))
        turn.offer(
            blocks.link(turn.words("button.report_page"), report["links"]["page"], new_tab=True),
            blocks.link(turn.words("button.report_pdf"), report["links"]["pdf"], new_tab=True),
            *_other_weeks(turn, report, week),
        )

    @staticmethod
    async def _offer_others(turn: Turn) -> None:
        """What there is instead: the stored ones, and the week that runs."""
        kept = (await turn.api.weekly_reports(limit=LISTED))["items"]
        if kept:
            columns = turn.words("weekly.list_columns").split("|")
            rows = [[turn.words(f"weekly.row_{name}", row=row) for name in ("week", "done", "cost")] for row in kept]
            turn.add(blocks.table(turn.words("weekly.list_title"), columns, rows))
            turn.offer(turn.link_button("report_newest", "ops_weekly_report", week=kept[0]["monday"]))
        else:
            this = week_of(clock.today()).monday.isoformat()
            turn.offer(turn.link_button("report_this_week", "ops_weekly_report", week=this))


def week_named(turn: Turn, today: date) -> Week:
    """A button names its Monday, a message its week in words."""
    with suppress(ValueError):
        return week_of(date.fromisoformat(str(turn.entity("week"))))
    if turn.is_payload:
        return last_complete(today)
    before = BEFORE.search(turn.text)
    if before is None:
        return week_in(turn.text, today)
    named = turn.text[: before.start()]
    shown = turn.focus.get("report_week")
    from_there = (
        week_of(date.fromisoformat(shown))
        if shown and not find_dates(named, today, lean="past")
        else week_in(named, today)
    )
    return week_of(from_there.monday - timedelta(days=DAYS))


def week_in(text: str, today: date) -> Week:
    """A day means its week, a longer stretch the last week that ended in it, no date the last complete week.

    A mere length ("one week") is how often reports come, not which one is meant; "two weeks ago" is a day.
    """
    named = [mention for mention in find_dates(text, today, lean="past") if not _is_rhythm(mention)]
    period = parse_period(text, today) if named else None
    if period is None:
        return last_complete(today)
    first, last = period
    return week_of(first) if (last - first).days < DAYS else last_within(first, last)


def _is_rhythm(mention: DateMention) -> bool:
    return mention.kind == "length" and mention.start_date != mention.end_date


def _other_weeks(turn: Turn, report: Json, week: Week) -> list[blocks.Block]:
    this = week_of(clock.today())
    offered = []
    if report["previous"]:
        key = "report_last_week" if week == this else "report_week_before"
        offered.append(turn.link_button(key, "ops_weekly_report", week=report["previous"]))
    if week != this:
        offered.append(turn.link_button("report_this_week", "ops_weekly_report", week=this.monday.isoformat()))
    return offered
