from django.urls import path

from articles import views

urlpatterns = [
    # /
    path("", views.front, name="front"),
    # /articles/<slug>/
    path("articles/<slug:slug>/", views.article, name="article"),
    # /sections/<slug>/, /topics/<slug>/, /authors/<slug>/
    path("sections/<slug:slug>/", views.section, name="section"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("authors/<slug:slug>/", views.author, name="author"),
]
