"""Delivery of events from the outbox to the site, signed as Stripe signs them."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import stripe

from .app import App
from .store import StoreClosed

log = logging.getLogger(__name__)

PAUSED = "deliveries_paused"

_TIMEOUT = 5.0
_FIRST_DELAY = 0.5
_LONGEST_DELAY = 30.0
# A wake-up comes with every new event; this is only the longest sleep without one.
_IDLE = 5.0


@dataclass(frozen=True)
class _Delivery:
    seq: int
    event_id: str
    attempts: int
    payload: str


class Deliverer(threading.Thread):
    """Sends one event after the other. A failed one is put off, and those behind it go ahead."""

    def __init__(self, app: App) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._app = app
        self._wake = threading.Event()
        self._stopping = False
        app.store.on_new_delivery = self._wake.set

    def stop(self) -> None:
        """Finish the attempt that is running, and no other."""
        self._stopping = True
        self._wake.set()
        self.join(_TIMEOUT + 1)

    def run(self) -> None:
        """Deliver until told to stop."""
        try:
            # After a restart nobody should have to wait for the delays of an earlier life.
            with self._app.transaction() as tx:
                tx.db.execute("UPDATE outbox SET next_at = 0 WHERE delivered_at IS NULL")
            while not self._stopping:
                # Cleared before the look at the outbox, so that no event is missed in between.
                self._wake.clear()
                wait = self._step()
                if wait > 0:
                    self._wake.wait(wait)
        except StoreClosed:
            return

    def _step(self) -> float:
        """Try the first delivery that is due; returns how long to sleep before the next look."""
        delivery, wait = self._next()
        if delivery is None:
            return wait
        try:
            problem = self._send(delivery)
        except Exception as exc:
            # Whatever it was, the thread must live on: the event stays in the outbox and is tried again.
            log.exception("delivery of %s failed", delivery.event_id)
            problem = repr(exc)
        self._record(delivery, problem)
        return 0.0

    def _next(self) -> tuple[_Delivery | None, float]:
        """What is due, oldest first; or nothing and the time until something is."""
        with self._app.transaction() as tx:
            if tx.switch(PAUSED):
                return None, _IDLE
            row = tx.db.execute(
                "SELECT seq, event, attempts FROM outbox WHERE delivered_at IS NULL AND next_at <= ? "
                "ORDER BY seq LIMIT 1",
                (time.time(),),
            ).fetchone()
            if row is None:
                (soonest,) = tx.db.execute("SELECT min(next_at) FROM outbox WHERE delivered_at IS NULL").fetchone()
                wait = _IDLE if soonest is None else min(_IDLE, soonest - time.time())
                return None, max(wait, 0.01)
            event = tx.get(row[1], "event")
            assert event is not None
            # A second sending shows the event as it was sent the first time.
            event["pending_webhooks"] = max(1, event["pending_webhooks"])
            return _Delivery(row[0], row[1], row[2], json.dumps(event, indent=2)), 0.0

    def _send(self, delivery: _Delivery) -> str | None:
        """One attempt; returns what went wrong. Redirects are failures, as at Stripe."""
        target = urlsplit(self._app.config.webhook_url)
        secure = target.scheme == "https"
        make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = make(target.hostname or "127.0.0.1", target.port, timeout=_TIMEOUT)
        # Real time, whatever the clock of the stand-in's world says: the library compares it with real time.
        signature = stripe.WebhookSignature.generate_signature_header(
            delivery.payload, self._app.config.webhook_secret, int(time.time())
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (stand-in)",
        }
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            connection.request("POST", path, delivery.payload.encode(), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as exc:
            return repr(exc)
        finally:
            connection.close()
        return None if 200 <= status < 300 else f"answered {status}"

    def _record(self, delivery: _Delivery, problem: str | None) -> None:
        """Note the outcome. A crash before this line means a second sending, as at Stripe: at least once."""
        with self._app.transaction() as tx:
            if problem is None:
                tx.db.execute(
                    "UPDATE outbox SET delivered_at = ?, attempts = attempts + 1, last_error = NULL WHERE seq = ?",
                    (time.time(), delivery.seq),
                )
                left = tx.db.execute(
                    "SELECT count(*) FROM outbox WHERE event = ? AND delivered_at IS NULL", (delivery.event_id,)
                ).fetchone()[0]
                event = tx.get(delivery.event_id, "event")
                if event is not None and left == 0:
                    tx.put({**event, "pending_webhooks": 0})
                return
            delay = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(delivery.attempts, 10))
            tx.db.execute(
                "UPDATE outbox SET next_at = ?, attempts = attempts + 1, last_error = ? WHERE seq = ?",
                (time.time() + delay, problem[:500], delivery.seq),
            )
            log.info("delivery of %s: %s; again in %.1f s", delivery.event_id, problem, delay)
