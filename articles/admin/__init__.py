"""The admin of articles, photos, the front page, taxonomy, static pages, menus and advertisements."""

from articles.admin import advertisements, article, front_page, photos, site_content, taxonomy

__all__ = ["advertisements", "article", "front_page", "photos", "site_content", "taxonomy"]
