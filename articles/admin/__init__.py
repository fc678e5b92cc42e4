"""The admin of articles, of the front page and of what stands around every page."""

from articles.admin import article, front_page, photos, site_content, taxonomy

__all__ = ["article", "front_page", "photos", "site_content", "taxonomy"]
