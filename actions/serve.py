"""Runs the action server on loopback only (rasa_sdk's own command binds every address).

`python -m actions.serve --port 8602`
"""

import argparse
import logging
import os
import warnings

os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
warnings.filterwarnings("ignore", category=DeprecationWarning)


def main() -> None:
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8602)
    port = parser.parse_args().port
    logging.basicConfig(level=logging.WARNING)
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor)
    app.run(host="127.0.0.1", port=port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
