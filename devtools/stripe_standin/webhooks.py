"""Delivers events from the outbox to the site, signed as Stripe signs them."""

from __future__ import annotations

import http.client
import json
import logging
import math
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

import stripe

from .app import App
from .faults import OLD_VERSION
from .published_contract import OPTIONAL_KEYS, leave_out
from .store import Object, StoreClosed

log = logging.getLogger(__name__)

PAUSED = "deliveries_paused"

_TIMEOUT = 5.0  # seconds, as are the others
_FIRST_DELAY = 0.5
_MAX_DELAY = 30.0
# Every new event wakes the thread; this is the longest sleep without one.
_MAX_SLEEP = 5.0


@dataclass(frozen=True)
class _Delivery:
    seq: int
    event_id: str
    type: str
    attempts: int
    event: Object


class Deliverer(threading.Thread):
    """A thread that sends one event after the other. A failed one is put off, and those behind it go ahead."""

    def __init__(self, app: App) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._app = app
        self._wake = threading.Event()
        self._stopping = False
        self._turn = threading.Lock()  # one attempt at a time, whoever asks for it
        app.store.on_new_delivery = self._wake.set

    def stop(self) -> None:
        """Stop after the attempt that is running."""
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

    def drain(self) -> dict[str, object]:
        """Send everything pending now, each once, also while deliveries are paused, and what is added meanwhile."""
        delivered = 0
        failed: dict[int, str] = {}
        with self._turn:
            while (delivery := self._next(skipping=set(failed))) is not None:
                problem = self._attempt(delivery)
                if problem is None:
                    delivered += 1
                else:
                    failed[delivery.seq] = f"{delivery.type} {delivery.event_id}: {problem}"
        return {"delivered": delivered, "failed": list(failed.values())}

    def _step(self) -> float:
        """Attempt the first delivery that is due; return the seconds to sleep before the next look."""
        with self._app.transaction() as tx:
            if tx.switch(PAUSED):
                return _MAX_SLEEP
        with self._turn:
            delivery = self._next(due_by=time.time())
            if delivery is not None:
                self._attempt(delivery)
                return 0.0
        with self._app.transaction() as tx:
            (soonest,) = tx.db.execute("SELECT min(next_at) FROM outbox WHERE delivered_at IS NULL").fetchone()
        return _MAX_SLEEP if soonest is None else max(0.01, min(_MAX_SLEEP, soonest - time.time()))

    def _next(self, due_by: float = math.inf, skipping: Collection[int] = ()) -> _Delivery | None:
        """Return the next delivery that is due: the oldest, unless deliveries are shuffled."""
        with self._app.transaction() as tx:
            rows = tx.db.execute(
                "SELECT seq, event, attempts FROM outbox WHERE delivered_at IS NULL AND next_at <= ? ORDER BY seq",
                (due_by,),
            ).fetchall()
            rows = [row for row in rows if row[0] not in skipping]
            if not rows:
                return None
            if len(rows) > 1 and self._app.faults.of_delivery("", "shuffle"):
                rows = [self._app.faults.chance.choice(rows)]
            seq, event_id, attempts = rows[0]
            event = tx.get(event_id, "event")
            assert event is not None
            if seed := tx.setting(OPTIONAL_KEYS):
                leave_out(event, seed)
        # A second sending shows the event as it was sent the first time.
        event["pending_webhooks"] = max(1, event["pending_webhooks"])
        return _Delivery(seq, event_id, event["type"], attempts, event)

    def _attempt(self, delivery: _Delivery) -> str | None:
        """Send it, with any fault that is armed, and record the outcome."""
        faults = self._app.faults
        if faults.of_delivery(delivery.type, "drop"):
            self._give_up(delivery)
            return None
        try:
            problem = self._send(delivery)
            if problem is None and faults.of_delivery(delivery.type, "duplicate"):
                self._send(delivery)
        except Exception as exc:
            # Whatever it was, the thread must live on: the event stays in the outbox and is tried again.
            log.exception("delivery of %s failed", delivery.event_id)
            problem = repr(exc)
        self._record(delivery, problem)
        return problem

    def _give_up(self, delivery: _Delivery) -> None:
        """Drop the delivery as after three days of attempts: the event stays undelivered."""
        with self._app.transaction() as tx:
            tx.db.execute("UPDATE outbox SET delivered_at = ?, last_error = 'dropped' WHERE seq = ?", (0, delivery.seq))

    def _send(self, delivery: _Delivery) -> str | None:
        """Make one attempt; return what went wrong. Redirects are failures, as at Stripe."""
        target = urlsplit(self._app.config.webhook_url)
        secure = target.scheme == "https"
        make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = make(target.hostname or "127.0.0.1", target.port, timeout=_TIMEOUT)
        # Real time, whatever the clock of the stand-in's world says: the library compares it with real time.
        event, secret = delivery.event, self._app.config.webhook_secret
        if self._app.faults.of_delivery(delivery.type, "old_version"):
            event = {**event, "api_version": OLD_VERSION}
        if self._app.faults.of_delivery(delivery.type, "wrong_secret"):
            secret = "whsec_of_somebody_else"
        payload = json.dumps(event, indent=2)
        signature = stripe.WebhookSignature.generate_signature_header(payload, secret, int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (stand-in)",
        }
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        try:
            connection.request("POST", path, payload.encode(), headers)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as exc:
            return repr(exc)
        finally:
            connection.close()
        return None if 200 <= status < 300 else f"answered {status}"

    def _record(self, delivery: _Delivery, problem: str | None) -> None:
        """Record the outcome. A crash before this means a second delivery, as at Stripe: at least once."""
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
            delay = min(_MAX_DELAY, _FIRST_DELAY * 2 ** min(delivery.attempts, 10))
            tx.db.execute(
                "UPDATE outbox SET next_at = ?, attempts = attempts + 1, last_error = ? WHERE seq = ?",
                (time.time() + delay, problem[:500], delivery.seq),
            )
            log.info("delivery of %s: %s; again in %.1f s", delivery.event_id, problem, delay)
