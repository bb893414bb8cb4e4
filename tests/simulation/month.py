"""Thirty days of the real scheduler over the village: late, doubled and missed rounds, two workers, kills, and people."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.db.engine import unit_of_work
from backend.errors import OpsTalkError
from backend.kit.clock import FrozenClock
from backend.kit.ids import new_id
from backend.markets.models import AccountState, MarketAccount
from backend.operations import lease
from backend.operations.customer_messages import send_customer_messages
from backend.operations.models import OffSwitch, Run
from backend.operations.runner import execute
from backend.operations.states import RunState
from backend.operations.tick import tick
from backend.plans import service as plans
from backend.shops.models import Member, Shop
from tests.simulation.village import DAYS, Household, complete, day, moment

# Seoul hours and minutes of the rounds: just before and at every operation's hour, and before its notice
ROUNDS = ((0, 3), (8, 58), (9, 0), (9, 41), (10, 1), (11, 0), (14, 30), (23, 58))
# the whole machine stood still: over a midnight, and over the end of the month
STANDSTILLS = ((4, 20, 5, 9), (12, 15, 13, 15))  # first day and hour, last day and hour
KILLS_A_RUN = 2  # or leases run out; a third one would rightly end it: that is another test


class Killed(BaseException):
    """The process is gone: nothing after this point of it happens."""


@dataclass
class Month:
    """Lives through it; `seen` counts what happened, so that a test can tell that it did."""

    of: list[Household]
    watch: FrozenClock
    dice: Random = field(default_factory=lambda: Random("a month"))
    seen: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    queue: list[str] = field(default_factory=list)

    def live(self) -> None:
        for number in range(DAYS):
            for hour, minute in ROUNDS:
                if stood_still(moment(number, hour, minute)):
                    continue
                late = self.dice.choice((0, 0, 0, 1, 2, 5)) if (hour, minute) != (9, 41) else 0
                self._go_to(moment(number, hour, minute) + timedelta(minutes=late))
                if (hour, minute) == (0, 3):
                    self._people(number)
                if self.dice.random() < 0.06 and (hour, minute) != (9, 41):
                    self.seen["missed rounds"] += 1
                    continue
                self._round()

    def _go_to(self, at: datetime) -> None:
        self.watch.move_to(max(at, self.watch.now()))

    def _round(self) -> None:
        done = tick(start=self.queue.append)
        self.seen["broken"] += len(done.broken)
        if self.dice.random() < 0.1:
            self.seen["doubled rounds"] += 1
            tick(start=self.queue.append)
        if self.dice.random() < 0.05:
            self.seen["lost queues"] += 1  # started anew: what was queued is found again by the next round
            self.queue.clear()
        due, self.queue = self.queue, []
        self.dice.shuffle(due)
        while due:
            self._carry_out(due.pop(), self.dice.choice(("w1", "w2")), due)
        self.seen.update(send_customer_messages())

    def _carry_out(self, run_id: str, worker: str, due: list[str]) -> RunState | None:
        other = "w2" if worker == "w1" else "w1"
        taken_over: list[RunState | None] = []

        def meanwhile(step: str) -> None:
            chance = self.dice.random()
            if chance < 0.02 and self.killed[run_id] < KILLS_A_RUN:
                self.killed[run_id] += 1
                self.seen[f"killed {step}"] += 1
                raise Killed
            if step == "applied":  # the write lock is held: nobody else can do anything
                return
            if chance < 0.04:
                self.seen["refused twice"] += 1
                assert execute(run_id, other) is None
            elif chance < 0.08 and due:
                self.seen["interleaved"] += 1
                self._carry_out(due.pop(), other, due)
            elif chance < 0.085 and self.killed[run_id] < KILLS_A_RUN and not taken_over:
                self.killed[run_id] += 1
                self.watch.advance(lease.LEASE)
                self.seen["taken over"] += 1
                taken_over.append(execute(run_id, other))

        try:
            state = execute(run_id, worker, meanwhile)
        except Killed:
            return None
        assert not taken_over or state is None or taken_over == [None], "two workers finished one run"
        self.seen[f"ended {state}"] += 1
        return state

    def _people(self, number: int) -> None:
        """What merchants and markets do on that day, before its first round."""
        with unit_of_work() as session:
            for house in self.of:
                self._at(session, house, number)
        for house in self.of:
            if house.off and house.off[0] == number:
                last = None if house.off[2] is None else day(house.off[2]).isoformat()
                self._plan(house, "ops.off", {**house.off[1], "until": last})
        for _ in range(3):
            self._take_back(self.dice.choice([house for house in self.of if not house.untouched]))
        self._put_on_again(self.dice.choice([house for house in self.of if house.off]))

    def _at(self, session: Session, house: Household, number: int) -> None:
        if house.completed_on == number:
            complete(session.get_one(Shop, house.id), house.missing)
        for market, (first, again) in house.silent.items():
            if number in (first, again):
                query = select(MarketAccount).where(MarketAccount.shop_id == house.id, MarketAccount.market == market)
                account = session.scalars(query).one()
                account.state = AccountState.UNREACHABLE if number == first else AccountState.CONNECTED
                account.failing_since = self.watch.now() if number == first else None
        for market, until in house.credentials_days.items():
            if number == until + 5 and until % 2:
                query = select(MarketAccount).where(MarketAccount.shop_id == house.id, MarketAccount.market == market)
                session.scalars(query).one().credentials_until = moment(300, 0)

    def _take_back(self, house: Household) -> None:
        with unit_of_work(write=False) as session:
            query = select(Run.id).where(Run.shop_id == house.id, Run.state == RunState.DONE).order_by(Run.id)
            runs = list(session.scalars(query))
        if runs:
            self._plan(house, "undo", {"source_type": "run", "source_id": self.dice.choice(runs)})

    def _put_on_again(self, house: Household) -> None:
        with unit_of_work(write=False) as session:
            query = select(OffSwitch.id).where(OffSwitch.shop_id == house.id, OffSwitch.lifted_at.is_(None))
            switches = list(session.scalars(query.order_by(OffSwitch.id)))
        if switches:
            self._plan(house, "ops.on", {"switch_id": self.dice.choice(switches)})

    def _plan(self, house: Household, kind: str, params: dict[str, object]) -> None:
        try:
            with unit_of_work() as session:
                actor = owner_of(session, house)
                plan = plans.preview(session, actor, kind, dict(params))
                plans.confirm(session, actor, plan.id, new_id("key"))
            self.seen[kind] += 1
        except OpsTalkError as refused:
            self.seen[f"{kind} refused: {refused.code}"] += 1


def stood_still(at: datetime) -> bool:
    return any(moment(first, start) <= at < moment(last, end) for first, start, last, end in STANDSTILLS)


def owner_of(session: Session, house: Household) -> Actor:
    return member_actor(session.scalars(select(Member).where(Member.shop_id == house.id)).one())
