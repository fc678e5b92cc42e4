"""The floor: what Django costs at least. `/` makes one query and renders 20 rows, without middleware, under granian."""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="a bench has no secrets",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["BENCH_DATABASE"],
            "USER": os.environ["BENCH_ROLE"],
            "HOST": os.environ["BENCH_HOST"],
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 10}},
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "list.html": "<!doctype html><html lang=en><title>Floor</title><ul>{% for row in rows %}"
                            '<li><a href="/articles/{{ row.slug }}/">{{ row.headline }}</a> {{ row.standfirst }}</li>'
                            "{% endfor %}</ul></html>"
                        },
                    )
                ]
            },
        }
    ],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    slug = models.CharField(max_length=120)
    headline = models.CharField(max_length=160)
    standfirst = models.TextField()

    class Meta:
        app_label = "floor"
        managed = False
        db_table = "articles_edition"

    def __str__(self) -> str:
        return self.slug


def rows(request: HttpRequest) -> HttpResponse:
    return render(request, "list.html", {"rows": Row._default_manager.order_by("-pk")[:20]})


urlpatterns = [path("", rows)]
application = get_wsgi_application()
