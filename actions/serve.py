"""Runs the action server on loopback only (rasa_sdk's own command binds every address).

`python -m actions.serve --port 8602`
"""

import argparse
import logging
import os
import warnings
from typing import Any

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
warnings.filterwarnings("ignore", category=DeprecationWarning)


def main() -> None:
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    class DomainlessExecutor(ActionExecutor):
        """No action of ours reads the domain: Rasa need not post it with every call (rasa_sdk 3.21 insists on it,
        in a way that Rasa 3.6 cannot answer)."""

        def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
            return {}

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8602)
    port = parser.parse_args().port
    logging.basicConfig(level=logging.WARNING)
    executor = DomainlessExecutor()
    executor.register_package("actions")
    app = create_app(executor)
    app.run(host="127.0.0.1", port=port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
