from django.contrib import admin
from django.urls import path

from comments.views import queue, reply, report, thread, writer

urlpatterns = [
    # /articles/<slug>/comments/
    path("articles/<slug:slug>/comments/", thread.comments, name="comments"),
    path("articles/<slug:slug>/comments/<uuid:public_id>/", thread.conversation, name="conversation"),
    # /comments/<public-id>/
    path("comments/<uuid:public_id>/", thread.permalink, name="comment"),
    path("comments/<uuid:public_id>/reply/", reply.answer, name="answer_comment"),
    path("comments/<uuid:public_id>/edit/", writer.edit, name="edit_comment"),
    path("comments/<uuid:public_id>/delete/", writer.delete, name="delete_comment"),
    path("comments/<uuid:public_id>/report/", report.report, name="report_comment"),
    # /comments/mine/, and the links from mails
    path("comments/mine/", writer.mine, name="my_comments"),
    path("comments/mail/", writer.choose_mail, name="choose_mail"),
    path("comments/forget-me/", writer.forget_me, name="forget_me"),
    path("comments/leave/", writer.leave, name="leave"),
    path("comments/leave/<str:token>/", writer.leave_as_guest, name="leave_as_guest"),
    path("comments/confirm/<str:token>/", writer.confirm, name="confirm_comment"),
    path("comments/unfollow/<str:token>/", writer.unfollow, name="unfollow"),
    # /admin/comments/queue/
    path("admin/comments/queue/", admin.site.admin_view(queue.queue), name="queue"),
    path("admin/comments/queue/decide/", admin.site.admin_view(queue.decide), name="queue_decide"),
    path("admin/comments/queue/decide-all/", admin.site.admin_view(queue.decide_all), name="queue_decide_all"),
    path("admin/comments/queue/undo/", admin.site.admin_view(queue.undo), name="queue_undo"),
    path("admin/comments/queue/pick/", admin.site.admin_view(queue.pick), name="queue_pick"),
    path("admin/comments/queue/restrict/", admin.site.admin_view(queue.restrict), name="queue_restrict"),
]
