"""Static pages, at addresses of one word. Included after everything else: see newsroom/urls.py."""

from django.urls import path

from articles.views import article

urlpatterns = [path("<slug:slug>/", article.page, name="page")]
