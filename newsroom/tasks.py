"""Work that keeps the house in order, by the worker's clock."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from procrastinate import JobContext, RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app

from newsroom.http import purge as purging
from newsroom.privacy import erasure as erasing

KEPT_HOURS = 72  # of work that succeeded; what failed stays until somebody looks at it


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="redo_abandoned", pass_context=True)
async def redo_abandoned(context: JobContext, timestamp: int) -> None:
    """Have done again what a worker had begun when it was killed. All tasks may be done twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget_finished", pass_context=True)
async def forget_finished(context: JobContext, timestamp: int) -> None:
    await builtin_tasks.remove_old_jobs(context, max_hours=KEPT_HOURS)


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """What has run out, with what was counted and the lines in people's lists of sessions."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM newsroom_counter WHERE expires < now()")


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def confirm_erasure(erasure: int) -> None:
    """Tell a person that they will be erased (Erasure.pk), and how that is stopped."""
    erasing.send_confirmation(erasure)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="erase_due")
def erase_due(timestamp: int) -> None:
    erasing.erase_due()


# Tried for longer than any page is kept.
@app.task(retry=RetryStrategy(max_attempts=17, exponential_wait=2))
def purge(keys: list[str], soon: bool = False) -> None:
    purging.send_purge(keys, soon=soon)
