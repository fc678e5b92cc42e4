"""What every letter of ours has on its envelope."""

from django.conf import settings


def envelope(name: str) -> dict[str, str]:
    """Headers. Sent twice under the same name, mail programs can show one."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    # The second is there so that nobody's holiday answers it.
    return {"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"}
