"""All settings. Those that differ between installations come from the environment (docs/operating.md).

What an editor or publisher may decide (the outlet's name, wording, prices) is content in the admin, never a setting.
"""

import os
import re
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from newsroom.paths import BASE_DIR, newsroom_home

env = environ.Env()

SETTINGS = (
    "DEBUG",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "TRUSTED_PROXIES",
    "DATABASE_URL",
    "NEWSROOM_HOME",
    "TIME_ZONE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_API_BASE",
    "EMAIL_URL",
    "EMAIL_FROM",
    "CACHE_PURGE_URL",
    "PAGE_CACHE",
)
for _name in SETTINGS:
    if os.environ.get(_name) == "":
        del os.environ[_name]  # an empty setting counts as not set


def _read(read: Callable[..., Any], name: str, **options: Any) -> Any:
    """Read a setting from the environment. If it cannot be parsed, exit with one line that names it."""
    try:
        return read(name, **options)
    except (ImproperlyConfigured, ValueError, KeyError, AttributeError) as error:
        sys.exit(f"{name} cannot be understood: {error}")


DEBUG = env.bool("DEBUG", default=False)
NEWSROOM_HOME = newsroom_home()

_missing = [
    name
    for name in ("SECRET_KEY", "SITE_URL", "DATABASE_URL", "EMAIL_URL", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET")
    if not os.environ.get(name)
]
if _missing:
    sys.exit(
        f"Set {', '.join(_missing)} in the environment (docs/operating.md says what each is), or `make run` to try it."
    )

SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = env.str("SITE_URL").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname or _site.path:
    sys.exit(f"SITE_URL must be like https://news.example, not {SITE_URL}")
_https = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname, *(["localhost"] if DEBUG else [])])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Applications

INSTALLED_APPS = [
    "newsroom.apps.NewsroomAdminConfig",  # django.contrib.admin with our admin site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "content_editor",
    "django_prose_editor",
    "pictures",
    "procrastinate.contrib.django",
    "newsroom",
    "subscriptions",
    "articles",
    "comments",
]

MIDDLEWARE = [
    "newsroom.http.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",  # inside gzip, whose bytes differ in each response
    "newsroom.http.request_body.RequestBodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.http.middleware.SignedInHintMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

if DEBUG:
    MIDDLEWARE += ["newsroom.http.middleware.NotFoundPageMiddleware"]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.context_processors.site_chrome",
            ],
            "builtins": ["newsroom.templatetags.newsroom"],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # so that templates/django/forms/ is ours

# Each app's part of the overlay for the person who is reading (newsroom/accounts/overlay.py)
OVERLAY_PARTS = [
    "newsroom.accounts.overlay.person",
    "subscriptions.views.overlay.overlay",
    "comments.views.overlay.overlay",
]
# Each app's sections of the dashboard (newsroom/admin/dashboard.py)
DASHBOARD_SECTIONS = [
    "articles.admin.dashboard.dashboard_sections",
    "comments.dashboard.dashboard_sections",
    "subscriptions.dashboard.dashboard_sections",
    "newsroom.privacy.erasure.dashboard_sections",
    "newsroom.admin.email.dashboard_sections",
]

# Each app's part in what is popular (articles/popularity.py)
POPULARITY_SOURCES = ["comments.popularity.discussed"]

# Each app's part of the data export (newsroom/privacy/data_export.py)
DATA_EXPORT_SOURCES = [
    "newsroom.privacy.data_export.account",
    "subscriptions.data_export.support",
    "comments.data_export.comments",
    "articles.data_export.work",
]
# Each app's step of an erasure; charges end before anything else (newsroom/privacy/erasure.py)
ERASURE_STEPS = ["subscriptions.erasure.STEP", "comments.erasure.STEP", "newsroom.privacy.erasure.STEP"]

# Database

# A reader waits 5 s for a connection at most. The pool gives up reconnecting after 2 s, as each pause before the next
# attempt is twice as long: so the site is back within seconds after the database is.
POOL = {"min_size": 1, "max_size": 10, "timeout": 5, "reconnect_timeout": 2}
if not os.environ["DATABASE_URL"].startswith(("postgres://", "postgresql://")):
    sys.exit("DATABASE_URL must be like postgres://user:password@host/name")
DATABASES = {"default": _read(env.db_url, "DATABASE_URL")}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_HEALTH_CHECKS": True,  # a connection that died with the server is replaced
    # Postgres plans a frequent query once: from the fifth time on a connection (newsroom/http/page_cache.py).
    "OPTIONS": {**DATABASES["default"].get("OPTIONS", {}), "pool": POOL, "prepare_threshold": 5},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# allauth's rate limits, which all processes share. No page is cached here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "newsroom_counter",
        "KEY_FUNCTION": "newsroom.accounts.rate_limit_keys.rate_limit_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# People

# Staff who enter the admin without a second factor: the demo people, in development alone (devtools/settings.py).
SECOND_FACTOR_EXEMPT: list[str] = []
AUTH_USER_MODEL = "newsroom.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail may take a while
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail when a sign-in method changes
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "newsroom.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "newsroom.accounts.forms.AddEmailForm",
    "login": "newsroom.accounts.forms.LoginForm",
    "request_login_code": "newsroom.accounts.forms.RequestLoginCodeForm",
    "reset_password": "newsroom.accounts.forms.ResetPasswordForm",
    "signup": "newsroom.accounts.forms.SignupForm",
}
MFA_ADAPTER = "newsroom.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "newsroom.accounts.forms.AddPasskeyForm",
    "authenticate_webauthn": "newsroom.accounts.forms.AuthenticatePasskeyForm",
    "login_webauthn": "newsroom.accounts.forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "newsroom.accounts.forms.ReauthenticatePasskeyForm",
}
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
# The number of our own proxies in front: rate limits believe only so many addresses in X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = _read(env.int, "TRUSTED_PROXIES", default=0)

# Mail

EMAIL_CONFIG = _read(env.email_url, "EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 30  # seconds for each response of the mail server
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default=f"newsroom@{_site.hostname}")

# Money

STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com")

# The cache in front, if there is one, and the pages that each web process stores (newsroom/http/page_cache.py)

CACHE_PURGE_URL = env.str("CACHE_PURGE_URL", default="")
if not re.fullmatch(r"|varnish://[\w.-]+:\d+|fastly://[^@/\s]+@\w+", CACHE_PURGE_URL):
    sys.exit("CACHE_PURGE_URL must be like varnish://127.0.0.1:6082 or fastly://<token>@<service>, or not be set")
PAGE_CACHE = _read(env.bool, "PAGE_CACHE", default=True)

# Files

STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site's scripts may read our files
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = NEWSROOM_HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o644
PICTURES = {
    "CONTAINER_WIDTH": 1280,
    "GRID_COLUMNS": 4,
    "PIXEL_DENSITIES": [1],
    "FILE_TYPES": ["AVIF", "WEBP", "JPEG"],
    "USE_PLACEHOLDERS": False,
    "PICTURE_CLASS": "articles.photos.processing.Rendition",
    "PROCESSOR": "articles.photos.processing.process_renditions",
}
FILE_UPLOAD_HANDLERS = [
    "articles.photos.upload.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Words and times

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Kolkata")
if TIME_ZONE not in available_timezones():
    sys.exit(f"TIME_ZONE must be a name like Asia/Kolkata, not {TIME_ZONE}")
USE_TZ = True
USE_I18N = True

# Safety

_payment_pages = (
    ["https://checkout.stripe.com", "https://billing.stripe.com"]
    if STRIPE_API_BASE == "https://api.stripe.com"
    else [STRIPE_API_BASE]
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # It applies to redirects after a form too: to the payment page.
        "form-action": [SELF, *_payment_pages],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = _https
# Believed only behind our own proxy, which sets it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https and ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_ENGINE = "newsroom.accounts.session_store"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
COOKIE_PREFIX = "__Host-" if _https else ""  # no other host of the domain can set such a cookie
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_FAILURE_VIEW = "newsroom.views.token_missing"
# HSTS for subdomains and preloading: only the publisher knows whether the domain's other hosts have HTTPS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a form, without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # an article of 200 blocks has some 1,300

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Stripe's library logs the id of each checkout, and procrastinate each poll of the queue.
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # or each line would be logged twice
        # Django logs the path of refused requests, and the path of a signed link is a secret.
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
        "stripe": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
    },
}
