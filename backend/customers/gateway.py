"""Where messages leave: the interface a sending service is put behind, and the sandbox that is the default.

The sandbox records what it is given in `sandbox_messages.db` beside the product's own database and sends nothing over
any network. Like a real gateway it knows a message by our id: handing the same one over twice delivers it once.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from backend.customers.models import Channel
from backend.settings import get_settings


@dataclass(frozen=True)
class Outgoing:
    """`customer_id` is how the mall's sending service finds the contact behind the masked `to`."""

    message_id: str
    channel: Channel
    sender: str
    customer_id: str
    to: str
    subject: str | None
    text: str


@dataclass(frozen=True)
class Receipt:
    """`reference` is the gateway's number of it; `refused` a code when it will not take the message."""

    reference: str | None = None
    refused: str | None = None


class GatewayDown(Exception):
    """It did not answer; whether it took the message is unknown, asking again with the same id is safe."""


class Gateway(Protocol):
    def send(self, message: Outgoing) -> Receipt: ...


class SandboxGateway:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: sqlite3.Connection | None = None  # opened by the first message, of the thread that sends

    def send(self, message: Outgoing) -> Receipt:
        row = (
            message.message_id, message.channel.value, message.sender, message.customer_id, message.to,
            message.subject, message.text,
        )  # fmt: skip
        try:
            store = self._store = self._store or self._open()
            with store:
                store.execute("INSERT OR IGNORE INTO deliveries VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row)
                number = store.execute("SELECT number FROM deliveries WHERE message_id = ?", row[:1]).fetchone()[0]
        except sqlite3.OperationalError as error:
            raise GatewayDown(str(error)) from error
        return Receipt(f"sandbox-{number}")

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def deliveries(self) -> list[Outgoing]:
        """What it took, in order."""
        columns = "message_id, channel, sender, customer_id, recipient, subject, text"
        with closing(self._open()) as store:
            rows = store.execute(f"SELECT {columns} FROM deliveries ORDER BY number").fetchall()
        return [Outgoing(row[0], Channel(row[1]), *row[2:]) for row in rows]

    def _open(self) -> sqlite3.Connection:
        store = sqlite3.connect(self._path, timeout=10)
        # as the product's own database: a kill loses nothing, and no message waits for the disk
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("PRAGMA synchronous=NORMAL")
        store.execute(
            "CREATE TABLE IF NOT EXISTS deliveries (number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT UNIQUE, "
            "channel TEXT, sender TEXT, customer_id TEXT, recipient TEXT, subject TEXT, text TEXT)"
        )
        return store


def default_gateway() -> SandboxGateway:
    folder = get_settings().var_dir
    folder.mkdir(parents=True, exist_ok=True)
    return SandboxGateway(folder / "sandbox_messages.db")
