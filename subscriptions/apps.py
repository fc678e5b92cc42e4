from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = "Reader support"

    def ready(self) -> None:
        from subscriptions import checks, customers  # noqa: F401
