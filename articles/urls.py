from django.urls import path

from articles import views

urlpatterns = [
    # /
    path("", views.front, name="front"),
    # /articles/<slug>/
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/history/", views.history, name="history"),
    path("articles/<slug:slug>/whole/", views.whole_article, name="whole_article"),
    path("articles/preview/<str:token>/", views.preview, name="preview"),
    # /corrections/
    path("corrections/", views.corrections, name="corrections"),
    # /sections/<slug>/, /topics/<slug>/, /authors/<slug>/
    path("sections/<slug:slug>/", views.section, name="section"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("authors/<slug:slug>/", views.author, name="author"),
]
