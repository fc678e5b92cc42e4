"""Writers, comments, decisions and policies. A comment's status changes in moderation/transitions.py alone."""

from comments.models.comment import MAX_LENGTH, Comment, CommentQuerySet, Follow, ModerationEvent, Reason, Report
from comments.models.commenter import Commenter
from comments.models.identifiers import domain_hashes, email_hash, email_hashes
from comments.models.network_key import NETWORK_RETENTION, NetworkKey
from comments.models.policy import Policy, Term, Thread
from comments.models.restriction import Restriction

__all__ = [
    "MAX_LENGTH",
    "NETWORK_RETENTION",
    "Comment",
    "CommentQuerySet",
    "Commenter",
    "Follow",
    "ModerationEvent",
    "NetworkKey",
    "Policy",
    "Reason",
    "Report",
    "Restriction",
    "Term",
    "Thread",
    "domain_hashes",
    "email_hash",
    "email_hashes",
]
