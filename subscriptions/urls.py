from django.urls import path

from subscriptions import views

urlpatterns = [
    # /support/
    path("support/", views.support, name="support"),
    path("support/subscribe/", views.subscribe, name="subscribe"),
    path("support/donate/", views.donate, name="donate"),
    path("support/thanks/", views.thanks, name="thanks"),
    path("support/manage/", views.manage, name="manage"),
    # /stripe/webhook/
    path("stripe/webhook/", views.webhook, name="stripe_webhook"),
]
