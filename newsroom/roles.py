"""The permissions of the newsroom's four groups. docs/editing.md has the same table in words.

After each `migrate`, apps.py brings the groups in line with this list, as Django does with the permissions themselves.
"""

from django.contrib.auth.models import Group, Permission

MODERATION = [
    "comments.view_comment",
    "comments.moderate_comment",
    "comments.*_term",
    "comments.*_restriction",
    "comments.*_thread",
    "comments.view_policy",
    "comments.change_policy",
]
ROLES: dict[str, list[str]] = {
    "Reporter": [
        "articles.add_article",
        "articles.change_article",  # their own: articles/admin/article.py
        "articles.view_article",
        "articles.view_edition",
        "articles.add_photo",
        "articles.view_photo",
        "articles.view_section",
        "articles.view_topic",
        "articles.view_author",
    ],
    "Editor": [
        "articles.add_article",
        "articles.change_article",
        "articles.change_any_article",
        "articles.view_draft",
        "articles.publish_article",
        "articles.view_article",
        "articles.view_edition",
        "articles.*_photo",
        "articles.*_section",
        "articles.*_topic",
        "articles.*_author",
        "articles.*_frontplace",
        "newsroom.view_outlet",
        "newsroom.change_outlet",
        "newsroom.*_advertisement",
        "newsroom.*_channel",
        "articles.*_page",
        "articles.*_menulink",
        "articles.*_banner",
        *MODERATION,
    ],
    "Moderator": [*MODERATION, "articles.view_article"],  # to name one; not its working copy: articles/admin/article.py
    "Publisher": [
        "newsroom.view_outlet",
        "newsroom.change_outlet",
        "newsroom.*_advertisement",
        "newsroom.*_channel",
        "articles.*_page",
        "articles.*_menulink",
        "newsroom.view_user",
        "newsroom.add_user",
        "newsroom.change_user",
        "newsroom.view_erasure",
        "newsroom.view_email",
        "newsroom.view_staffevent",
        "subscriptions.view_*",
        "subscriptions.change_offer",
        "subscriptions.change_discrepancy",  # to mend it
        "subscriptions.change_hold",  # to end it
        "subscriptions.add_appeal",
        "subscriptions.change_appeal",
        "subscriptions.add_staffaction",  # refund, cancel
        "articles.view_section",  # for the menus
        "articles.view_topic",
        "articles.view_article",
        "articles.view_draft",
        "articles.view_edition",
    ],
}


def sync_roles() -> None:
    """Give each group exactly the permissions above."""
    existing = {
        f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")
    }
    for name, patterns in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set([p for key, p in existing.items() if any(_matches(key, pattern) for pattern in patterns)])


def _matches(permission: str, pattern: str) -> bool:
    app, _, codename = pattern.partition(".")
    actual_app, _, actual = permission.partition(".")
    if app != actual_app:
        return False
    if codename.startswith("*"):
        return actual.endswith(codename[1:])
    if codename.endswith("*"):
        return actual.startswith(codename[:-1])
    return actual == codename
