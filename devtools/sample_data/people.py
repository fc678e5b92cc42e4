"""An invented archive of any size, to measure growth on. Each app's `archive.py` adds its part.

`manage.py load_sample_data` calls them in order.

Rows go in by COPY, with their indexes and foreign keys away meanwhile: building these again at the end takes a fraction
of the time, and checks every row.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Max, Model

from newsroom.models import User

DOMAIN = "invented.example"  # of all its people's addresses: nobody can have one there
YEARS = timedelta(days=15 * 365)
STAFF = 20
AT_ONCE = 5_000  # rows of one COPY

# Words that reports share, the frequent first; each is followed by many that nobody has ever said.
PLAIN = (
    *("road", "river", "school", "market", "snow", "council", "bridge", "water", "village", "winter", "farmers"),
    *("orchard", "lake", "hospital", "power", "court", "teachers", "rain", "boats", "weavers", "saffron", "budget"),
    *("police", "students", "apples", "valley", "ferry", "wetland", "bakers", "records", "elections", "drains"),
)
SYLLABLES = (
    "ba",
    "dul",
    "fen",
    "gor",
    "hal",
    "ik",
    "jor",
    "kel",
    "lum",
    "mar",
    "nis",
    "ost",
    "per",
    "qua",
    "ras",
    "tov",
)


@dataclass(frozen=True)
class Plan:
    """How much is to be made. The same plan on the same day makes the same archive in an empty database."""

    articles: int
    comments: int
    readers: int
    seed: int
    now: datetime
    staff: list[int] = field(default_factory=list)  # pks of the newsroom's people
    people: list[int] = field(default_factory=list)  # and of the readers

    def random(self, part: str) -> Random:
        return Random(f"{self.seed} {part}")

    def appeared(self, number: int) -> datetime:
        """When the article of this number (from 0) appeared: evenly over the years, the last one an hour ago."""
        return self.now - timedelta(hours=1) - YEARS * ((self.articles - 1 - number) / self.articles)

    @cached_property
    def words(self) -> list[str]:
        """Words in a row, the frequent ones often: a text is a piece of it."""
        random = self.random("words")
        coined = ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(20_000)]
        known = [*PLAIN, *dict.fromkeys(coined)]
        return random.choices(
            known, cum_weights=list(accumulate(1 / rank for rank in range(3, len(known) + 3))), k=300_000
        )

    def text(self, random: Random, length: int) -> str:
        """So many words."""
        start = random.randrange(len(self.words) - length)
        return " ".join(self.words[start : start + length])


class Skew:
    """Picks of `count` things, of which few are picked often and most seldom (Zipf's law); the first `flat` ones about
    as often as each other.
    """

    def __init__(self, count: int, flat: int = 2) -> None:
        self.sums = list(accumulate(1 / rank for rank in range(flat, count + flat)))

    def pick(self, random: Random) -> int:
        return bisect(self.sums, random.random() * self.sums[-1])


class Rows:
    """Rows on their way into tables; `add` takes their values in the order of the columns named at the start. All
    other columns have their model's default.
    """

    def __init__(self, columns: dict[type[Model], str]) -> None:
        self.named = {model: names.split() for model, names in columns.items()}
        self.others = {
            model: {
                field.column: field.get_db_prep_save(field.get_default(), connection)
                for field in model._meta.concrete_fields
                if field.column not in names and not field.generated
            }
            for model, names in self.named.items()
        }
        self.waiting: dict[type[Model], list[Sequence[object]]] = {model: [] for model in columns}
        self.next: dict[type[Model], int] = {}

    def take(self, model: type[Model]) -> int:
        """The number of the table's next row."""
        number = self.next.get(model) or first_free(model)
        self.next[model] = number + 1
        return number

    def add(self, model: type[Model], *values: object) -> None:
        waiting = self.waiting[model]
        waiting.append(values)
        if len(waiting) >= AT_ONCE:
            self.send(model)

    def send(self, model: type[Model]) -> None:
        others = self.others[model]
        columns = ", ".join(f'"{name}"' for name in (*self.named[model], *others))
        same = tuple(others.values())
        with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
            for values in self.waiting[model]:
                copy.write_row((*values, *same))
        self.waiting[model].clear()


@contextmanager
def filling(columns: dict[type[Model], str]) -> Iterator[Rows]:
    """Rows for these tables (the columns of each, in words): theirs are the only ones that come in meanwhile."""
    rows = Rows(columns)
    tables = [model._meta.db_table for model in columns]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        again = [statement for table in tables for statement in _without_indexes(cursor, table)]
        yield rows
        for model in columns:
            rows.send(model)
        for statement in again:
            cursor.execute(statement)
        for model in columns:
            table, pk = model._meta.db_table, model._meta.auto_field
            if pk is not None:
                sequence = f"pg_get_serial_sequence('{table}', '{pk.column}')"
                cursor.execute(f"SELECT setval({sequence}, max({pk.column})) FROM {table}")  # noqa: S608
            cursor.execute(f"ANALYZE {table}")


def _without_indexes(cursor: Any, table: str) -> list[str]:
    """Take away what makes each row dear: foreign keys and indexes but the primary key's. Returns how to make them."""
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('f', 'u')"
        " UNION ALL"
        " SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [table, table],
    )
    found = cursor.fetchall()
    for away, _ in found:
        cursor.execute(away)
    return [again for _, again in found]


def first_free(model: type[Model]) -> int:
    """The number that the next row may have."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def fill(plan: Plan) -> None:
    """People: the newsroom's, and readers. None of them has a password."""
    random = plan.random("people")
    columns = {
        User: "id password email name is_staff shows_support date_joined",
        EmailAddress: "id email verified primary user_id",
    }
    with filling(columns) as rows:
        for number in range(STAFF + plan.readers):
            pk, staff = rows.take(User), number < STAFF
            email = f"{'desk' if staff else 'reader'}-{pk}@{DOMAIN}"
            joined = plan.now - YEARS * random.random()
            name = f"{random.choice(plan.words).title()} {random.choice(plan.words).title()} (invented)"
            rows.add(User, pk, f"!{pk}", email, name, staff, number % 9 == 0, joined)
            rows.add(EmailAddress, rows.take(EmailAddress), email, True, True, pk)
            (plan.staff if staff else plan.people).append(pk)
    reporters = Group.objects.get(name="Reporter")
    reporters.user_set.add(*plan.staff)
