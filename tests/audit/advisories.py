"""Checks requirements/*.txt against OSV (osv.dev), which has PyPI's own advisories and GitHub's.

`python -m tests.audit.advisories` does this alone. If OSV does not answer, it says that nothing is known.
"""

import json
import re
import sys
import urllib.request
from collections.abc import Iterable

from newsroom.paths import BASE_DIR

OSV = "https://api.osv.dev/v1/querybatch"
BATCH_SIZE = 500  # packages a request; OSV allows 1,000
REQUEST_TIMEOUT = 20  # seconds


class Unknown(Exception):
    """The advisories could not be read."""


def locked() -> list[tuple[str, str]]:
    """Return name and version of every locked package."""
    files = sorted((BASE_DIR / "requirements").glob("*.txt"))
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", "\n".join(file.read_text() for file in files), re.MULTILINE)
    return sorted(set(pins))


def advisories(packages: Iterable[tuple[str, str]], source: str = OSV) -> list[str]:
    """Return a line for each package with known vulnerabilities. Raises Unknown."""
    packages = list(packages)
    lines = []
    for start in range(0, len(packages), BATCH_SIZE):
        asked = packages[start : start + BATCH_SIZE]
        for (name, version), ids in zip(asked, _ask(source, asked), strict=True):
            if ids:
                lines.append(f"{name} {version}: {', '.join(ids)}")
    return lines


def _ask(source: str, packages: list[tuple[str, str]]) -> list[list[str]]:
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in packages]
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(source, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT) as response:
            results = json.load(response)["results"]
        found = [[vulnerability["id"] for vulnerability in result.get("vulns", [])] for result in results]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unknown(f"The advisories at {source} could not be read ({error!r}).") from error
    if len(found) != len(packages):
        raise Unknown(f"The advisories at {source} answered {len(found)} of {len(packages)} questions.")
    return found


def main() -> int:
    packages = locked()
    try:
        lines = advisories(packages)
    except Unknown as error:
        print(f"{error} NOTHING IS KNOWN about the {len(packages)} locked packages.")
        return 2
    print("\n".join(lines) or f"No known hole in any of the {len(packages)} locked packages.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
