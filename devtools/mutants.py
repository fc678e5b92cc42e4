"""Mutation testing: `make mutants ARGS=comments/moderation/rules.py`.

Changes the module in one small place at a time, runs the tests that execute that place, and shows each change (mutant)
that no test noticed.

mutmut makes the changes. Its own runner skips decorated functions (all that is `@transaction.atomic`) and constants of
a module (all limits), and starts pytest, and with it Postgres, for each mutant: 25 s here. So one pytest process makes
the database once, and forks for each mutant; the fork exchanges the code of the live functions, and runs the tests.
"""

import argparse
import ast
import difflib
import gc
import inspect
import os
import pickle
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import libcst as cst
import psycopg
import pytest
from django.db import connection, connections
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string
from psycopg.sql import SQL, Identifier

SPARE_SECONDS = 20.0  # that a mutant's tests get beyond ten times what they took before: more is an endless loop
SEQUENCE_STEP = 10_000  # rows of two mutants never have the same key, as Stripe's stand-in remembers keys


@dataclass(frozen=True)
class Mutant:
    code: str
    first_line: int
    last_line: int
    constant: bool  # outside all functions: it matters wherever the module is used


class _Finder(cst.CSTVisitor):
    """Finds what can be changed: in functions, and in a module's own assignments. Strings stay as they are."""

    METADATA_DEPENDENCIES = (PositionProvider,)
    SKIPPED = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom, cst.Parameters, cst.BaseString)

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[cst.CSTNode, cst.CSTNode, Any, bool]] = []
        self.scopes: list[cst.CSTNode] = []
        self.statements: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        in_class_body = bool(self.scopes) and isinstance(self.scopes[-1], cst.ClassDef)
        if isinstance(node, self.SKIPPED) and not isinstance(node, cst.FormattedString):
            return False
        if in_class_body and isinstance(node, cst.SimpleStatementLine):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self.scopes.append(node)
        if isinstance(node, cst.SimpleStatementLine):
            self.statements.append(node)
        for change in _changes_of(node):
            place = self.get_metadata(PositionProvider, self.statements[-1] if self.statements else node)
            self.changes.append((node, change, place, not self.scopes))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        for stack in (self.scopes, self.statements):
            if stack and stack[-1] is original_node:
                stack.pop()


def _changes_of(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind) and operator is not operator_string:
            yield from operator(node)
    if isinstance(node, cst.Integer) and node.evaluated_value:  # mutmut only adds one
        yield node.with_changes(value=str(node.evaluated_value - 1))
    if isinstance(node, cst.SimpleStatementLine):  # nor does it leave a statement out
        (statement, *_) = node.body
        if isinstance(statement, cst.Raise) or (
            isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call)
        ):
            yield node.with_changes(body=[cst.Pass()])


def mutants_of(source: str, most: int, seed: int) -> list[Mutant]:
    """Return some of all mutants, chosen at random; making one takes 50 ms."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    finder = _Finder()
    wrapper.visit(finder)
    random.Random(seed).shuffle(finder.changes)
    unchanged = ast.dump(ast.parse(source))
    found: dict[str, Mutant] = {}
    for old, new, place, constant in finder.changes:
        if len(found) == (most or None):
            break
        changed = wrapper.module.deep_replace(old, new)
        code = changed.code if isinstance(changed, cst.Module) else source
        with suppress(SyntaxError):
            compile(code, "mutant", "exec")
            if ast.dump(ast.parse(code)) != unchanged:
                found.setdefault(code, Mutant(code, place.start.line, place.end.line, constant))
    return sorted(found.values(), key=lambda mutant: mutant.first_line)


def apply_mutant(module: ModuleType, before: str, after: str) -> None:
    """Make the running module the changed one: the code of its functions, or a constant wherever it was imported."""
    pairs = zip(ast.parse(before).body, ast.parse(after).body, strict=True)
    at = next(number for number, (old, new) in enumerate(pairs) if ast.dump(old) != ast.dump(new))
    following = ast.parse(after).body[at:]
    if isinstance(following[0], ast.FunctionDef | ast.ClassDef):
        former, codes = (_by_name(compile(text, str(module.__file__), "exec")) for text in (before, after))
        changed = {code: codes[name] for name, code in former.items() if name in codes and codes[name] != code}
        for function in gc.get_objects():
            if isinstance(function, FunctionType) and function.__code__ in changed:
                function.__code__ = changed[function.__code__]
        return
    names: set[str] = set()
    former_values = dict(vars(module))
    for statement in following:
        used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        if statement is following[0] or (isinstance(statement, ast.Assign | ast.AnnAssign) and used & names):
            exec(compile(ast.Module([statement], []), str(module.__file__), "exec"), vars(module))
            names |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    for other in list(sys.modules.values()):
        for name in names & former_values.keys() & getattr(other, "__dict__", {}).keys():
            if vars(other)[name] is former_values[name]:
                setattr(other, name, getattr(module, name))


def _by_name(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """Return code objects by their qualified name and, as lambdas share one, a number."""
    found: dict[tuple[str, int], CodeType] = {}
    waiting = [code]
    while waiting:
        for inner in waiting.pop(0).co_consts:
            if isinstance(inner, CodeType):
                number = sum(name == inner.co_qualname for name, _ in found)
                found[inner.co_qualname, number] = inner
                waiting.append(inner)
    return found


class Module:
    """A module under test, and the mutants chosen of it."""

    def __init__(self, path: Path, sample: int, seed: int, lines: set[int]) -> None:
        self.name = str(path)
        self.path = path.resolve()
        self.source = self.path.read_text()
        mutants = mutants_of(self.source, sample, seed)
        self.mutants = [mutant for mutant in mutants if not lines or mutant.first_line in lines]

    def apply(self, mutant: Mutant) -> None:
        module = import_module(".".join(Path(self.name).with_suffix("").parts))
        apply_mutant(module, self.source, mutant.code)

    def diff(self, mutant: Mutant) -> str:
        before, after = (text.splitlines(keepends=True) for text in (self.source, mutant.code))
        return "".join(list(difflib.unified_diff(before, after, n=1))[2:])  # without the names of two files


class Runner:
    """A pytest plugin in place of the loop over the tests."""

    def __init__(self, modules: list[Module]) -> None:
        self.modules = modules
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longreprtext}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        shared = {
            name
            for item in items
            if isinstance(item, pytest.Function)
            for name, definitions in item._fixtureinfo.name2fixturedefs.items()
            if definitions[-1].scope == "session"
        }

        def prepare(request: pytest.FixtureRequest) -> None:
            for name in sorted(shared):
                request.getfixturevalue(name)

        file = items[0].getparent(pytest.Module)
        self.before, self.after = (
            pytest.Function.from_parent(file, name=name, callobj=prepare) for name in ("before", "after")
        )
        if self.run([]):
            raise pytest.UsageError(f"What the tests share cannot be prepared: {self.failed}")
        database = Database()
        try:
            measured = _in_a_fork(lambda: self.measure(items), timeout=3600)
            if measured is None or measured[0]:
                raise pytest.UsageError(f"The tests fail before anything is changed: {measured and measured[0]}")
            database.restore()
            for module in self.modules:
                self.print_unnoticed(module, items, measured[1][module.name], measured[2], database)
        finally:
            database.drop_copy()
        return True

    def run(self, items: list[pytest.Item]) -> bool:
        """Run the tests; True at the first failure. What would come `after` keeps alive what all tests share."""
        order = [self.before, *items, self.after]
        for item, following in pairwise(order):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return True
        return False

    def measure(self, items: list[pytest.Item]) -> tuple[list[str], dict[str, dict[int, set[str]]], dict[str, float]]:
        """Run all tests before anything is changed: which failed, which execute each line, how long each takes."""
        watch = coverage.Coverage(
            data_file=None, include=[str(module.path) for module in self.modules], config_file=False
        )
        durations: dict[str, float] = {}
        watch.start()
        for item in items:
            watch.switch_context(item.nodeid)
            begun = time.monotonic()
            if self.run([item]):
                return self.failed, {}, {}
            durations[item.nodeid] = time.monotonic() - begun
        watch.stop()
        measured, found = watch.get_data(), {}
        for module in self.modules:
            lines = measured.contexts_by_lineno(str(module.path))
            found[module.name] = {line: set(tests) - {""} for line, tests in lines.items()}
        return self.failed, found, durations

    def print_unnoticed(
        self,
        module: Module,
        items: list[pytest.Item],
        tests_of_line: dict[int, set[str]],
        durations: dict[str, float],
        database: "Database",
    ) -> None:
        unnoticed = 0
        for mutant in module.mutants:
            lines = tests_of_line if mutant.constant else range(mutant.first_line, mutant.last_line + 1)
            names = {name for line in lines for name in tests_of_line.get(line, ())}
            chosen = sorted(
                (item for item in items if item.nodeid in names),
                key=lambda item: (_is_transactional(item), durations[item.nodeid]),
            )
            if not self.is_noticed(module, mutant, chosen, 10 * sum(durations[name] for name in names) + SPARE_SECONDS):
                unnoticed += 1
                print(f"{module.diff(mutant)}unnoticed by {len(chosen)} tests\n", flush=True)
            if any(map(_is_transactional, chosen)):
                database.restore()
        total = len(module.mutants)
        print(f"{module.name}: {total - unnoticed} of {total} mutants noticed", flush=True)

    def is_noticed(self, module: Module, mutant: Mutant, items: list[pytest.Item], timeout: float) -> bool:
        def work() -> bool:
            try:
                module.apply(mutant)
            except Exception:  # the module could not be imported so
                return True
            return self.run(items)

        return bool(items) and _in_a_fork(work, timeout) is not False


class Database:
    """The tests' database, and a copy of it as it was made: a test without a transaction leaves it empty."""

    def __init__(self) -> None:
        self.name = connection.settings_dict["NAME"]
        self.copy = f"{self.name}_mutants"
        self.restored = 0
        self._copy(self.name, self.copy)

    def restore(self) -> None:
        self._copy(self.copy, self.name)
        self.restored += 1
        with self._connect(self.name) as server:
            server.execute(
                "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s) FROM pg_sequences",
                [self.restored * SEQUENCE_STEP],
            )

    def drop_copy(self) -> None:
        with self._connect("postgres") as server:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(self.copy)))

    def _copy(self, source: str, target: str) -> None:
        _close_connections()
        names = {"source": Identifier(source), "target": Identifier(target)}
        with self._connect("postgres") as server:
            server.execute(SQL("DROP DATABASE IF EXISTS {target} WITH (FORCE)").format(**names))
            server.execute(SQL("CREATE DATABASE {target} TEMPLATE {source}").format(**names))

    def _connect(self, name: str) -> psycopg.Connection[Any]:
        """Return a connection beside Django's, which pytest-django forbids outside tests."""
        known = connection.settings_dict
        given: dict[str, Any] = {
            option: known[option.upper()] or None for option in ("host", "port", "user", "password")
        }
        given |= {option: known["OPTIONS"][option] for option in given if option in known["OPTIONS"]}
        return psycopg.connect(dbname=name, autocommit=True, **given)


def _in_a_fork(work: Callable[[], Any], timeout: float) -> Any:
    """Return the result of the work, done in a copy of this process; None if it does not come back with one."""
    _close_connections()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        errors = os.fdopen(os.dup(2), "w")
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            os.write(writing, pickle.dumps(work()))
        except BaseException:
            traceback.print_exc(file=errors)
        finally:
            errors.flush()
            os._exit(0)
    os.close(writing)
    result = b""
    deadline = time.monotonic() + timeout
    while select.select([reading], [], [], max(deadline - time.monotonic(), 0))[0] and (
        part := os.read(reading, 65536)
    ):
        result += part
    os.close(reading)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return pickle.loads(result) if result else None


def _close_connections() -> None:
    for each in connections.all():
        each.close()
        each.close_pool()  # type: ignore[attr-defined]  # of Postgres alone


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    return "transactional_db" in names or bool(marker and marker.kwargs.get("transaction"))


def main() -> None:
    parser = argparse.ArgumentParser(description=inspect.getdoc(sys.modules[__name__]))
    parser.add_argument("paths", nargs="+", type=Path, help="modules, and files or folders of tests (else their apps')")
    parser.add_argument("--sample", type=int, default=40, help="how many mutants of each, chosen at random; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", type=int, nargs="+", default=[], help="only the mutants of these lines")
    options = parser.parse_args()
    tests = [str(path) for path in options.paths if path.parts[0] == "tests"]
    modules = [
        Module(path, options.sample, options.seed, set(options.lines))
        for path in options.paths
        if path.parts[0] != "tests"
    ]
    tests = tests or sorted({f"tests/{Path(module.name).parts[0]}" for module in modules})
    sys.exit(pytest.main([*tests, "-q", "--capture=no", "-p", "no:cacheprovider"], plugins=[Runner(modules)]))


if __name__ == "__main__":
    main()
