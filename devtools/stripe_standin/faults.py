"""Injects faults between Stripe and a site, each for a number of times."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

REQUEST_KINDS = {
    "delay": "wait, then work and answer",
    "delay_after": "work, then wait, then answer",
    "reset": "close the connection and do nothing",
    "reset_after": "work, then close the connection without an answer",
    "error": "answer 500 and do nothing",
    "error_after": "work, then answer 500; the same key again gets the true answer",
    "error_kept": "work, then answer 500, and again to the same key, as Stripe does",
    "rate_limit": "answer 429 and do nothing",
}
DELIVERY_KINDS = {
    "duplicate": "send the event twice",
    "drop": "never send it; the event counts as not delivered",
    "shuffle": "send another of the waiting events first",
    "old_version": "send it in the form of an old version of the API, as its name says",
    "wrong_secret": "sign it with another secret",
}

OLD_VERSION = "2020-08-27"


@dataclass
class Fault:
    """A fault of one kind, for `times` more requests (of this method, to paths with this prefix) or deliveries."""

    kind: str
    times: int = 1
    method: str = ""
    path: str = ""
    type: str = ""  # for deliveries: of event types that begin so
    seconds: float = 0.0


NO_FAULT = Fault("")


@dataclass
class Faults:
    """The armed faults. They live in memory: a new process has none."""

    armed: list[Fault] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, fault: Fault) -> None:
        """Arm another fault."""
        with self._lock:
            self.armed.append(fault)

    def clear(self, seed: int = 0) -> None:
        """Disarm all faults, and seed the order of shuffled deliveries."""
        with self._lock:
            self.armed.clear()
            self.chance.seed(seed)

    def of_request(self, method: str, path: str) -> Fault | None:
        """Return the fault for this request, and count it as used."""
        return self._take(
            lambda f: f.kind in REQUEST_KINDS and f.method in ("", method) and path.startswith(f.path or "/")
        )

    def of_delivery(self, event_type: str, *kinds: str) -> bool:
        """Return True if a delivery of this type meets such a fault, and count it as used."""
        return self._take(lambda f: f.kind in kinds and event_type.startswith(f.type)) is not None

    def _take(self, fits: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            for fault in self.armed:
                if fits(fault):
                    fault.times -= 1
                    self.armed = [other for other in self.armed if other.times > 0]
                    return fault
        return None
