"""The application object: what the threads of one running stand-in share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .answer_contract import Breach
from .faults import Faults
from .store import Store, Transaction
from .web import Request, Response

# A gate may answer a request before the API sees it; None lets it through.
Gate = Callable[["App", Request], Response | None]


@dataclass(frozen=True)
class Config:
    """The options of the command line."""

    port: int
    data: Path
    webhook_url: str
    webhook_secret: str
    secret_key: str
    verbose: bool = False

    @property
    def base_url(self) -> str:
        """The base address of the stand-in's pages."""
        return f"http://127.0.0.1:{self.port}"


@dataclass
class App:
    """The state shared by the HTTP threads, the delivery thread and the timer."""

    config: Config
    store: Store
    gates: list[Gate] = field(default_factory=list)
    # What the contract found wrong with our own answers, for the tests to fail on.
    breaches: list[str] = field(default_factory=list)
    # The requests that changed something here since the last reset, and who sent them.
    changes: list[dict[str, Any]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    # Delivers what waits in the outbox at once; says how many went well and which did not.
    drain: Callable[[], dict[str, object]] = dict
    # Keys of requests being worked on right now. In memory on purpose: a killed process has no requests in flight.
    keys_in_flight: set[str] = field(default_factory=set)
    keys_lock: threading.Lock = field(default_factory=threading.Lock)

    def record_breach(self, problem: Exception) -> None:
        """Record a breach of the contract by the stand-in, so that a test can fail on it."""
        if isinstance(problem, Breach):
            self.breaches.append(str(problem))

    def transaction(
        self, request_id: str | None = None, idempotency_key: str | None = None
    ) -> AbstractContextManager[Transaction]:
        """Open a transaction; what it stores and the events that it emits are committed together or not at all."""
        return self.store.transaction(int(time.time()), self.config.base_url, request_id, idempotency_key)
