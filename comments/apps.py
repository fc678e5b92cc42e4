from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from newsroom import roles

        # The last app: by then the permissions of all apps exist.
        post_migrate.connect(roles.sync_roles, sender=self, dispatch_uid="newsroom.roles")
