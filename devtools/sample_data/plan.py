"""How much sample data is made, and the random choices that all parts share."""

from bisect import bisect
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from random import Random

DOMAIN = "invented.example"  # of every invented address; nobody can have one there
PERIOD = timedelta(days=15 * 365)  # that the articles are spread over

# Real words, the most frequent first; coined ones of these syllables follow.
REAL_WORDS = (
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
    """The amount of each thing. The same plan on the same day makes the same data in an empty database."""

    articles: int
    comments: int
    readers: int
    seed: int
    now: datetime
    staff: list[int] = field(default_factory=list)  # pks, filled in by people.py
    people: list[int] = field(default_factory=list)  # pks of the readers

    def random(self, part: str) -> Random:
        """Return a random generator for one part, so that parts do not disturb each other."""
        return Random(f"{self.seed} {part}")

    def published_at(self, number: int) -> datetime:
        """Return the publication time of an article by number (from 0): evenly spread, the last one an hour ago."""
        return self.now - timedelta(hours=1) - PERIOD * ((self.articles - 1 - number) / self.articles)

    @cached_property
    def words(self) -> list[str]:
        """300,000 words, drawn by Zipf's law; each text is a slice of them."""
        random = self.random("words")
        coined = ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(20_000)]
        known = [*REAL_WORDS, *dict.fromkeys(coined)]
        return random.choices(
            known, cum_weights=list(accumulate(1 / rank for rank in range(3, len(known) + 3))), k=300_000
        )

    def text(self, random: Random, length: int) -> str:
        """Return `length` words."""
        start = random.randrange(len(self.words) - length)
        return " ".join(self.words[start : start + length])


class Zipf:
    """Picks of `count` things by Zipf's law: few often, most seldom. The first `flat` are about equally frequent."""

    def __init__(self, count: int, flat: int = 2) -> None:
        self.cumulative_weights = list(accumulate(1 / rank for rank in range(flat, count + flat)))

    def pick(self, random: Random) -> int:
        """Return the index of one thing."""
        return bisect(self.cumulative_weights, random.random() * self.cumulative_weights[-1])
