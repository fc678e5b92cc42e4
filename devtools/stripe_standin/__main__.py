"""Start with ``python -m devtools.stripe_standin``; stops on SIGTERM and on Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import os
import select
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from . import controls
from .api import bring_up_to_date
from .api_webhook_endpoints import register
from .app import App, Config
from .server import Server
from .store import Store, StoreClosed
from .webhooks import Deliverer

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run until told to stop; returns the exit status."""
    config = _configuration(argv)
    logging.basicConfig(level=logging.INFO, format="standin: %(message)s")
    store = Store(config.data)
    app = App(config, store, gates=[controls.down_gate])
    try:
        server = Server(app)
    except OSError as exc:
        store.close()
        print(f"standin: cannot listen on 127.0.0.1:{config.port}: {exc}", file=sys.stderr)
        return 1

    # A pipe, not an Event: the thread that the signal interrupts may hold the Event's lock, and would wait for ever.
    stop_reader, stop_writer = os.pipe()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os.write(stop_writer, b"."))

    with app.transaction() as tx:
        register(tx, config.webhook_url)
    deliverer = Deliverer(app)
    app.drain = deliverer.drain
    deliverer.start()
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="http", daemon=True)
    serving.start()
    log.info("listening on %s", config.base_url)

    # Once a second: what time makes due must also happen when nobody asks.
    while not select.select([stop_reader], [], [], 1)[0]:
        try:
            bring_up_to_date(app)
        except StoreClosed:
            break
        except Exception as problem:
            log.exception("the timer failed")
            app.record_breach(problem)

    server.shutdown()
    server.server_close()
    deliverer.stop()
    store.close()
    return 0


def _configuration(argv: Sequence[str] | None) -> Config:
    """Read the command line. A live key is refused, so that nobody can hand one over by mistake."""
    parser = argparse.ArgumentParser(prog="python -m devtools.stripe_standin", description="A stand-in for Stripe.")
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--data", type=Path, required=True, help="the folder for its SQLite file")
    parser.add_argument("--webhook-url", required=True)
    parser.add_argument("--webhook-secret", required=True)
    parser.add_argument("--secret-key", required=True, help="begins with sk_test_")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    given = parser.parse_args(argv)
    if not 0 < given.port < 65536:
        parser.error("--port must be between 1 and 65535")
    if not given.secret_key.startswith("sk_test_"):
        parser.error("--secret-key must begin with sk_test_")
    target = urlsplit(given.webhook_url)
    if target.scheme not in ("http", "https") or not target.hostname:
        parser.error("--webhook-url must be an http or https address")
    return Config(given.port, given.data, given.webhook_url, given.webhook_secret, given.secret_key, given.verbose)


if __name__ == "__main__":
    sys.exit(main())
