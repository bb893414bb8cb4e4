"""`make up`: prepare everything, start everything, wait for a real answer, say where to look, stop on Ctrl-C."""

import argparse
import signal
import sys
import time
from collections.abc import Callable

from backend.cli.ports import PortBusy, configured_ports
from backend.cli.seed import migrate_and_plant
from backend.cli.stack import WITH_MARKETS, ChildDied, NotAnswering, Stack
from backend.cli.train import TrainingFailed, train
from backend.db.schema import UnfitDatabase
from backend.seed.market_goods import write_goods
from backend.seed.staff import LOGINS
from backend.settings import get_settings

LOOK_EVERY = 0.5  # seconds


class _Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    say: Callable[[str], None] = lambda text: print(f"[{time.monotonic() - began:3.0f}s] {text}", flush=True)  # noqa: E731
    try:
        configured_ports()  # says at once what is taken
        say("database and demo shops")
        if migrate_and_plant():
            say("the demo shops are planted")
        say("model of the bot (training takes a minute or two when something it learns from changed)")
        train()
        say("starting; Rasa needs a while")
        write_goods(get_settings().var_dir)
        # chosen now: training takes minutes, in which another one may start
        with Stack(get_settings().var_dir, configured_ports(), parts=WITH_MARKETS, say=say) as stack:
            stack.wait_until_answering()
            say("ready: a greeting was answered")
            print(addresses(stack.url), flush=True)
            while True:
                time.sleep(LOOK_EVERY)
                stack.check()
    except _Stopped:
        print("\nEverything has stopped.", flush=True)
        return 0
    except (PortBusy, TrainingFailed, ChildDied, NotAnswering, UnfitDatabase) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1


def addresses(url: str) -> str:
    logins = ", ".join(f"{login} / {password}" for login, (password, _, _) in LOGINS.items())
    return f"""
  demo shop with the widget   {url}/demo/oneuldam
  console of the agents       {url}/console   ({logins})
  API documentation           {url}/docs

  Ctrl-C stops everything."""


def _stop(number: int, _: object) -> None:
    # a second Ctrl-C must not interrupt the stopping
    for both in (signal.SIGINT, signal.SIGTERM):
        signal.signal(both, signal.SIG_IGN)
    raise _Stopped


if __name__ == "__main__":
    sys.exit(main())
