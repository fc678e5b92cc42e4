"""Static pages, at addresses of one word. Included after everything else: see newsroom/urls.py."""

from django.urls import path

from articles import views

urlpatterns = [path("<slug:slug>/", views.page, name="page")]
