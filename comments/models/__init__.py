"""Who writes, what was written and decided, and what is allowed. A status changes in `moderation.py` alone."""

from comments.models.comment import LONGEST, Comment, CommentQuerySet, Follow, ModerationEvent, Reason, Report
from comments.models.commenter import Commenter
from comments.models.identifiers import domain_hash, domain_hashes, email_hash, network_hash
from comments.models.policy import Policy, Term, Thread
from comments.models.restriction import Restriction

__all__ = [
    "LONGEST",
    "Comment",
    "CommentQuerySet",
    "Commenter",
    "Follow",
    "ModerationEvent",
    "Policy",
    "Reason",
    "Report",
    "Restriction",
    "Term",
    "Thread",
    "domain_hash",
    "domain_hashes",
    "email_hash",
    "network_hash",
]
