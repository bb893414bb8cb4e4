"""`python -m backend.markets.sandbox --port 8603`: serves the sandbox on loopback; `--goods` brings the demo's trade to life."""

import argparse
import logging
from pathlib import Path

import uvicorn

from backend.markets.sandbox.app import create_app
from backend.markets.sandbox.backlog import lay_backlog
from backend.markets.sandbox.life import LIMITS, Life, in_background, learn
from backend.markets.sandbox.store import Store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", default=":memory:", help="the SQLite file that keeps its orders")
    parser.add_argument("--goods", type=Path, help="sellers and their goods; orders are invented for them")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level="WARNING", format="%(asctime)s %(levelname)s %(name)s %(message)s")
    store = Store(options.db)
    app = create_app(store, options.seed)
    if options.goods and options.goods.exists():
        for market, (size, rate) in LIMITS.items():
            app.state.faults.limit(market, size, rate)
        life = Life(store, learn(store, options.goods), options.seed)
        lay_backlog(store, life.places, options.seed)
        in_background(life)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
