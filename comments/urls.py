from django.contrib import admin
from django.urls import include, path

from comments.views import confirm, decisions, follow, leave, my_comments, queue, reply, report, thread

_thread_urls = [
    path("", thread.comments, name="comments"),
    path("<uuid:public_id>/", thread.conversation, name="conversation"),
]
_comment_urls = [
    path("", thread.permalink, name="comment"),
    path("reply/", reply.answer, name="answer_comment"),
    path("edit/", my_comments.edit, name="edit_comment"),
    path("delete/", my_comments.delete, name="delete_comment"),
    path("report/", report.report, name="report_comment"),
]
_queue_urls = [
    path("", admin.site.admin_view(queue.queue), name="queue"),
    path("decide/", admin.site.admin_view(decisions.decide), name="queue_decide"),
    path("decide-all/", admin.site.admin_view(decisions.decide_all), name="queue_decide_all"),
    path("undo/", admin.site.admin_view(decisions.undo), name="queue_undo"),
    path("pick/", admin.site.admin_view(decisions.pick), name="queue_pick"),
    path("restrict/", admin.site.admin_view(decisions.restrict), name="queue_restrict"),
]

urlpatterns = [
    # A thread, and what readers do about one comment
    path("articles/<slug:slug>/comments/", include(_thread_urls)),
    path("comments/<uuid:public_id>/", include(_comment_urls)),
    # A writer's own
    path("comments/mine/", my_comments.mine, name="my_comments"),
    path("comments/mail/", follow.choose_mail, name="choose_mail"),
    path("comments/forget-me/", leave.forget_me, name="forget_me"),
    path("comments/leave/", leave.leave, name="leave"),
    # Links in mails
    path("comments/leave/<str:token>/", leave.leave_as_guest, name="leave_as_guest"),
    path("comments/confirm/<str:token>/", confirm.confirm, name="confirm_comment"),
    path("comments/unfollow/<str:token>/", follow.unfollow, name="unfollow"),
    # The moderators' queue, inside the admin
    path("admin/comments/queue/", include(_queue_urls)),
]
