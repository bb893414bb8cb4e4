"""Starts the Rasa server for the hub: `python -m bot.serve --port 5005 [--model models]`, loopback only."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from bot import quiet, without_tensorflow

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"


def main() -> None:
    options = _options()
    began = time.monotonic()
    quiet.switch()
    without_tensorflow.pretend()
    os.environ.setdefault("ACTIONS_PORT", str(options.actions_port))
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    quiet.settle()

    def announce(app: object, loop: object) -> None:
        sys.stdout.write(f"rasa: ready on {HOST}:{options.port} after {time.monotonic() - began:.1f} s\n")
        sys.stdout.flush()

    # the listeners of configure_app are registered by the server itself
    rasa.core.run.serve_application(
        model_path=str(options.model),
        interface=HOST,
        port=options.port,
        credentials=str(options.credentials),
        endpoints=AvailableEndpoints.read_endpoints(str(options.endpoints)),
        enable_api=False,
        server_listeners=[(announce, "after_server_start")],
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", type=Path, default=ROOT / "models", help="a model file, or a folder: its newest")
    parser.add_argument("--endpoints", type=Path, default=ROOT / "endpoints.yml")
    parser.add_argument("--credentials", type=Path, default=ROOT / "credentials.yml")
    parser.add_argument("--actions-port", type=int, default=5055, help="used when ACTIONS_PORT is not set")
    options = parser.parse_args()
    for name in ("model", "endpoints", "credentials"):
        setattr(options, name, getattr(options, name).resolve())
    return options


if __name__ == "__main__":
    main()
