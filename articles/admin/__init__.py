"""The editorial desk: `desk` is the article with its steps, `front` the front page, `photos` the photo library,
`outlet` what stands around every page, `library` everything else.
"""

from articles.admin import desk, front, library, outlet, photos

__all__ = ["desk", "front", "library", "outlet", "photos"]
