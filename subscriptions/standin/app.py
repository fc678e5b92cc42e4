"""The parts that one running stand-in consists of."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from .clock import Clock
from .store import Store, Transaction
from .web import Request, Response

# A gate may answer a request before the API sees it; None lets it through.
Gate = Callable[["App", Request], Response | None]
# An observer sees every API request with its answer, and cannot change either.
Observer = Callable[["App", Request, Response], None]


@dataclass(frozen=True)
class Config:
    """What was said on the command line."""

    port: int
    data: Path
    webhook_url: str
    webhook_secret: str
    secret_key: str
    verbose: bool = False

    @property
    def base_url(self) -> str:
        """The address under which the pages of the stand-in are reached."""
        return f"http://127.0.0.1:{self.port}"


@dataclass
class App:
    """Shared by the HTTP threads, the delivery thread and the timer."""

    config: Config
    store: Store
    clock: Clock
    gates: list[Gate] = field(default_factory=list)
    observers: list[Observer] = field(default_factory=list)
    # Keys of requests being worked on right now. In memory on purpose: a killed process has no requests in flight.
    keys_in_flight: set[str] = field(default_factory=set)
    keys_lock: threading.Lock = field(default_factory=threading.Lock)

    def transaction(
        self, request_id: str | None = None, idempotency_key: str | None = None
    ) -> AbstractContextManager[Transaction]:
        """One unit of work: what it stores and the events it emits are committed together or not at all."""
        return self.store.transaction(self.clock.now(), request_id, idempotency_key)
