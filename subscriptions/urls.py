from django.urls import path

from subscriptions.views import checkout, manage, support, webhook

urlpatterns = [
    # /support/
    path("support/", support.support, name="support"),
    path("support/appeals/<slug:slug>/", support.appeal, name="appeal"),
    path("support/subscribe/", checkout.subscribe, name="subscribe"),
    path("support/donate/", checkout.donate, name="donate"),
    path("support/thanks/", checkout.thanks, name="thanks"),
    path("support/manage/", manage.manage, name="manage"),
    path("support/manage/back/", manage.back_from_portal, name="back_from_portal"),
    path("support/pay/", manage.pay, name="pay"),
    path("support/change/", manage.change, name="change_subscription"),
    path("support/statement/<int:year>/", manage.statement, name="statement"),
    path("support/receipts/<int:pk>/", manage.receipt, name="receipt"),
    # /stripe/webhook/
    path("stripe/webhook/", webhook.webhook, name="stripe_webhook"),
]
