"""Says in words how long something lasts, so that texts for readers follow the constants."""

from datetime import timedelta

_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def in_words(duration: timedelta) -> str:
    """Return "ten minutes", "an hour", "30 days": a whole number of the largest unit that fits."""
    seconds = round(duration.total_seconds())
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    number = seconds // size
    if number == 1:
        return f"an {unit}" if unit == "hour" else f"a {unit}"
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} {unit}s"
