from django.urls import path

from subscriptions import views

urlpatterns = [
    # /support/
    path("support/", views.support, name="support"),
    path("support/appeals/<slug:slug>/", views.appeal, name="appeal"),
    path("support/subscribe/", views.subscribe, name="subscribe"),
    path("support/donate/", views.donate, name="donate"),
    path("support/thanks/", views.thanks, name="thanks"),
    path("support/manage/", views.manage, name="manage"),
    path("support/manage/back/", views.back_from_portal, name="back_from_portal"),
    path("support/receipts/<int:pk>/", views.receipt, name="receipt"),
    # /stripe/webhook/
    path("stripe/webhook/", views.webhook, name="stripe_webhook"),
]
