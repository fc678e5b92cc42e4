from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate, pre_save


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Outlet"

    def ready(self) -> None:
        from allauth.usersessions.models import UserSession

        from newsroom import checks  # noqa: F401
        from newsroom.accounts.sessions import minimize_session

        pre_save.connect(minimize_session, sender=UserSession)
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
