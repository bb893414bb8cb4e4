"""Drives conversations at a chat endpoint and measures every turn; loopback only, bounded in count."""

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

Turn = Callable[[str], None]


@dataclass(frozen=True)
class Figures:
    """Latencies in milliseconds, throughput in turns a second.

    The mean is people divided by throughput whatever the order they are served in; the median alone favours a server that
    lets a few wait for very long.
    """

    conversations: int
    turns: int
    mean: float
    p50: float
    p95: float
    p99: float
    throughput: float
    #: processor milliseconds of one turn, by process
    processor: dict[str, float] = field(default_factory=dict)

    @staticmethod
    def of(conversations: int, seconds: list[float], wall: float) -> "Figures":
        ordered = sorted(value * 1000 for value in seconds)
        at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))]  # noqa: E731
        return Figures(
            conversations, len(ordered), statistics.mean(ordered), statistics.median(ordered), at(0.95), at(0.99),
            len(ordered) / wall,
        )  # fmt: skip


def drive(open_conversation: Callable[[], Turn], texts: list[str], conversations: int, turns_each: int) -> Figures:
    """`conversations` people at once, each saying `turns_each` of `texts` one after the other."""
    people = [open_conversation() for _ in range(conversations)]
    for say in people:
        say(texts[0])  # warm: the first turn of a conversation opens its session in Rasa

    def talk(say: Turn) -> list[float]:
        taken = []
        for number in range(turns_each):
            began = time.perf_counter()
            say(texts[number % len(texts)])
            taken.append(time.perf_counter() - began)
        return taken

    began = time.perf_counter()
    with ThreadPoolExecutor(conversations) as pool:
        measured = [seconds for one in pool.map(talk, people) for seconds in one]
    return Figures.of(conversations, measured, time.perf_counter() - began)
