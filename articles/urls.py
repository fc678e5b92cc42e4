from django.urls import path

from articles import list_views, views
from articles.syndication import feeds, sitemaps

urlpatterns = [
    # /
    path("", list_views.front, name="front"),
    # /articles/<slug>/
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/share.png", views.share_image, name="share_image"),
    path("articles/<slug:slug>/history/", views.history, name="history"),
    path("articles/<slug:slug>/read/", views.read, name="read"),
    path("articles/<slug:slug>/whole/", views.whole_article, name="whole_article"),
    path("articles/preview/<str:token>/", views.preview, name="preview"),
    # /corrections/
    path("corrections/", list_views.corrections, name="corrections"),
    # /latest/, /search/?q=
    path("latest/", list_views.latest, name="latest"),
    path("search/", list_views.search, name="search"),
    # /sections/<slug>/, /topics/<slug>/, /authors/<slug>/
    path("sections/<slug:slug>/", list_views.section, name="section"),
    path("topics/<slug:slug>/", list_views.topic, name="topic"),
    path("authors/<slug:slug>/", list_views.author, name="author"),
    # /feed/, and feed/ under each of the three
    path("feed/", feeds.everything, name="feed"),
    path("sections/<slug:slug>/feed/", feeds.section, name="section_feed"),
    path("topics/<slug:slug>/feed/", feeds.topic, name="topic_feed"),
    path("authors/<slug:slug>/feed/", feeds.author, name="author_feed"),
    # /sitemap.xml, /news-sitemap.xml
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/articles-<int:part>.xml", sitemaps.articles, name="sitemap_articles"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
]
