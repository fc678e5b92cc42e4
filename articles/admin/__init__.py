"""The editorial desk: `desk` is the article with its steps, `library` everything else."""

from articles.admin import desk, library

__all__ = ["desk", "library"]
