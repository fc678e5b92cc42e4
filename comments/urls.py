from django.urls import path

from comments import views

urlpatterns = [
    # /articles/<slug>/comments/
    path("articles/<slug:slug>/comments/", views.comments, name="comments"),
]
