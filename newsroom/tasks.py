"""The newsroom's tasks: cleaning up at night, erasures, mails, purges of the cache in front."""

from django.db import connection
from procrastinate import JobContext, RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app

from newsroom import mail
from newsroom.accounts import second_factors, staff_events
from newsroom.accounts.session_store import SessionStore
from newsroom.http.purge import send_purge
from newsroom.models import Email, StaffEvent
from newsroom.privacy import erasure as erasing

JOB_RETENTION = 72  # hours, of jobs that succeeded; failed ones stay until somebody has looked at them


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="redo_abandoned", pass_context=True)
async def redo_abandoned(context: JobContext, timestamp: int) -> None:
    """Start jobs again whose worker was killed. So every task may run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="newsroom.tasks.forget_finished", queueing_lock="forget_finished", pass_context=True)
async def delete_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that succeeded and are older than JOB_RETENTION."""
    await builtin_tasks.remove_old_jobs(context, max_hours=JOB_RETENTION)


@app.periodic(cron="27 3 * * *")
@app.task(name="newsroom.tasks.forget_sessions", queueing_lock="forget_sessions")
def delete_expired(timestamp: int) -> None:
    """Delete expired sessions, rate limits, the state of old mails, and what was done with accounts a year ago."""
    SessionStore.clear_expired()
    with connection.cursor() as cursor:
        # Of versions before December 2026: the sessions in them open nothing any more.
        cursor.execute("DROP TABLE IF EXISTS django_session, usersessions_usersession")
        cursor.execute("DELETE FROM newsroom_counter WHERE expires < now()")
    Email.objects.expired().delete()
    StaffEvent.objects.expired().delete()


@app.task(retry=mail.RETRY)
def confirm_erasure(erasure: int) -> None:
    """Mail a person that they will be erased (Erasure.pk), and how to cancel it."""
    erasing.send_confirmation(erasure)


@app.task(retry=mail.RETRY)
def notify_second_factor_reset(entry: int) -> None:
    """Mail a person that their second factors were reset (LogEntry.pk)."""
    second_factors.send_reset_notification(entry)


@app.task(retry=mail.RETRY)
def notify_new_device(event: int) -> None:
    """Mail one of staff that somebody signed in as them on a new device (StaffEvent.pk)."""
    staff_events.send_new_device_notification(event)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="erase_due")
def erase_due(timestamp: int) -> None:
    """Carry out the erasures that are due."""
    erasing.erase_due()


# 2 s, 4 s, 8 s … 36 hours: longer than the cache may show a page.
@app.task(retry=RetryStrategy(max_attempts=17, exponential_wait=2))
def purge(keys: list[str], soon: bool = False) -> None:
    """Purge pages from the cache in front."""
    send_purge(keys, soon=soon)
