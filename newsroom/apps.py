from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import pre_save


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Outlet"

    def ready(self) -> None:
        from allauth.usersessions.models import UserSession

        from newsroom import checks  # noqa: F401
        from newsroom.accounts.sessions import minimize_session

        pre_save.connect(minimize_session, sender=UserSession)


class NewsroomAdminConfig(admin.AdminConfig):
    default = False  # of this module's two
    default_site = "newsroom.admin_site.NewsroomAdminSite"
