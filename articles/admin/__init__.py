"""The editorial desk: `desk` is the article with its steps, `front` the front page, `library` everything else."""

from articles.admin import desk, front, library

__all__ = ["desk", "front", "library"]
