"""Which ports the product listens on, and one clear sentence when one is taken."""

import os
import socket
from dataclasses import dataclass

from backend.settings import get_settings


class PortBusy(Exception):
    """Somebody already listens there; the text says what to do."""


@dataclass(frozen=True)
class Ports:
    backend: int
    rasa: int
    actions: int
    markets: int = 0  # 0: without the market sandbox


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports() -> Ports:
    """Four ports nobody listens on, for a stack beside the running one."""
    probes = [socket.socket() for _ in range(4)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        backend, rasa, actions, markets = (probe.getsockname()[1] for probe in probes)
    finally:
        for probe in probes:
            probe.close()
    return Ports(backend, rasa, actions, markets)


def configured_ports() -> Ports:
    """The configured ports; raises PortBusy. The private ones move aside unless somebody set them on purpose."""
    settings, spare = get_settings(), free_ports()
    return Ports(
        _insist(settings.port, "OPSTALK_PORT"),
        _insist(settings.rasa_port, "OPSTALK_RASA_PORT", spare.rasa),
        _insist(settings.actions_port, "OPSTALK_ACTIONS_PORT", spare.actions),
        _insist(settings.markets_port, "OPSTALK_MARKETS_PORT", spare.markets),
    )


def _insist(port: int, variable: str, spare: int | None = None) -> int:
    if is_free(port):
        return port
    if spare is not None and variable not in os.environ:
        return spare
    raise PortBusy(
        f"Port {port} is in use. Stop what listens there, or choose another: {variable}={port + 100} make up"
    )
