from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, post_save


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Outlet"

    def ready(self) -> None:
        from allauth.mfa.signals import authentication_failed
        from django.contrib.admin.models import LogEntry

        from newsroom import checks  # noqa: F401
        from newsroom.accounts import staff_events
        from newsroom.accounts.sessions import begin_session

        user_logged_in.connect(begin_session)
        authentication_failed.connect(staff_events.record_refused_second_step)
        post_save.connect(staff_events.record_deletion, sender=LogEntry)
        post_migrate.connect(_sync_roles, dispatch_uid="newsroom.roles")


def _sync_roles(sender: AppConfig, **kwargs: Any) -> None:
    """Sync the roles once, after the last app: by then the permissions of all apps exist."""
    from newsroom.roles import sync_roles

    *_, last = (app for app in apps.get_app_configs() if app.models_module is not None)
    if sender == last:
        sync_roles()


class NewsroomAdminConfig(admin.AdminConfig):
    default = False  # of this module's two
    default_site = "newsroom.admin_site.NewsroomAdminSite"
