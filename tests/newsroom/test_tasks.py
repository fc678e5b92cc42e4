import asyncio
from collections.abc import Iterator

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from newsroom.tasks import redo_abandoned
from subscriptions.models import StripeEvent
from subscriptions.tasks import apply_event


@pytest.fixture
def queue(transactional_db: None, django_db_serialized_rollback: None) -> Iterator[None]:
    yield
    with connection.cursor() as cursor:  # the library keeps its tables out of the tests' flush
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")


def test_what_a_killed_worker_had_begun_is_done_by_the_next(queue: None) -> None:
    event = StripeEvent.objects.create(stripe_id="evt_1", type="thing.happened", object_id="x", payload="{}")
    job = apply_event.defer(event=event.pk)
    with connection.cursor() as cursor:  # as it stands when its worker is gone
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE id = %s", [job])

    app.configure_task(redo_abandoned.name).defer(timestamp=0)

    async def work() -> None:
        worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker.open_async():
            await worker.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(work())

    assert ProcrastinateJob.objects.get(pk=job).status == "succeeded"
    event.refresh_from_db()
    assert event.applied_at is not None
