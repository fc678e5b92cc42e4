from django.urls import path

from articles.syndication import feeds, sitemaps
from articles.views import article, byline, lists

urlpatterns = [
    # /
    path("", lists.front, name="front"),
    # /articles/<slug>/
    path("articles/<slug:slug>/", article.article, name="article"),
    path("articles/<slug:slug>/share.png", article.share_image, name="share_image"),
    path("articles/<slug:slug>/history/", article.history, name="history"),
    path("articles/<slug:slug>/read/", article.read, name="read"),
    path("articles/<slug:slug>/whole/", article.whole_article, name="whole_article"),
    path("articles/preview/<str:token>/", article.preview, name="preview"),
    # /account/byline/
    path("account/byline/", byline.agree, name="byline"),
    # /corrections/
    path("corrections/", lists.corrections, name="corrections"),
    # /latest/, /search/?q=
    path("latest/", lists.latest, name="latest"),
    path("search/", lists.search, name="search"),
    # /sections/<slug>/, /topics/<slug>/, /authors/<slug>/
    path("sections/<slug:slug>/", lists.section, name="section"),
    path("topics/<slug:slug>/", lists.topic, name="topic"),
    path("authors/<slug:slug>/", lists.author, name="author"),
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
