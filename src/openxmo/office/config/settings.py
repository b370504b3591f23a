"""Settings of the people's side: all from the environment; docs/reference/settings.md lists them."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from openxmo.office.lib.database import database_at, sqlite_at
from openxmo.office.lib.environment import read_choice, read_flag, read_list, read_number, read_text
from openxmo.office.lib.languages import LOCALE, find_languages

OPENXMO_HOME = Path(os.environ.get("OPENXMO_HOME") or "var").absolute()
DEBUG = read_flag("OPENXMO_DEBUG", default=False)
SITE_URL = read_text("OPENXMO_URL", "http://127.0.0.1:8000").rstrip("/")
BEHIND_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = read_list("OPENXMO_HOSTS", default=("127.0.0.1", "localhost", SITE_URL.split("//")[-1].split(":")[0]))
CSRF_TRUSTED_ORIGINS = [SITE_URL]


def read_secret() -> str:
    """From the environment, else the home's own; without a home, one that lasts as long as the process."""
    given = read_text("OPENXMO_SECRET_KEY")
    file = OPENXMO_HOME / "keys" / "sessions.key"
    if given or not file.parent.is_dir():
        return given or secrets.token_urlsafe(50)
    if not file.exists():
        made = file.with_suffix(f".{os.getpid()}")
        made.write_text(secrets.token_urlsafe(50), encoding="ascii")
        made.chmod(0o600)
        try:
            os.link(made, file)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text(encoding="ascii")


SECRET_KEY = read_secret()

# For tests of pages: `long` and `rtl` show what is clipped or untranslated.
PSEUDO = read_choice("OPENXMO_PSEUDO", ("", "long", "rtl"))

INSTALLED_APPS = [
    "openxmo.office.ui",  # first: its templates stand before those of other packages
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "openxmo.office.accounts",
    "openxmo.office.govern",
    "openxmo.office.listen",
    "openxmo.office.understand",
    "openxmo.office.decide",
    "openxmo.office.act",
    "openxmo.office.prove",
    "openxmo.office.home",
    "openxmo.office.jobs",
    "openxmo.office.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "openxmo.office.ui.pseudo.PseudoMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "openxmo.office.config.zone.ZoneMiddleware",
    "openxmo.office.govern.middleware.OfficeMiddleware",
    "openxmo.office.config.errors.ErrorMiddleware",
    "openxmo.office.accounts.middleware.GuardMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "openxmo.office.config.urls"
WSGI_APPLICATION = "openxmo.office.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openxmo.office.config.context.frame",
            ],
        },
    }
]

DATABASE_URL = read_text("DATABASE_URL")
DATABASES = {
    "default": database_at(DATABASE_URL) if DATABASE_URL else sqlite_at(OPENXMO_HOME / "office" / "office.sqlite3")
}
DATABASE_ROUTERS = ["openxmo.office.lib.database.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# SIGNING IN

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["openxmo.office.govern.signing_in.OfficeBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "openxmo.office.govern.signing_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "openxmo.office.govern.sign_in_forms.LoginForm",
    "reset_password": "openxmo.office.govern.sign_in_forms.ForgottenForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = read_number("OPENXMO_PROXIES", default=1 if BEHIND_HTTPS else 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OpenXMO"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are the office's own; nobody proves theirs here
SOCIALACCOUNT_ADAPTER = "openxmo.office.govern.signing_in.SocialAccountAdapter"
OIDC_ISSUER = read_text("OPENXMO_OIDC_ISSUER")
OIDC_CLIENT_ID = read_text("OPENXMO_OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = read_text("OPENXMO_OIDC_CLIENT_SECRET")
OIDC_NAME = read_text("OPENXMO_OIDC_NAME", "your organisation")
OIDC_ORIGIN = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))] if OIDC_ISSUER else []
if OIDC_ISSUER and OIDC_CLIENT_ID and OIDC_CLIENT_SECRET:
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": OIDC_NAME,
                    "client_id": OIDC_CLIENT_ID,
                    "secret": OIDC_CLIENT_SECRET,
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ],
        }
    }
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_AGE = read_number("OPENXMO_SESSION_HOURS", default=12, least=1) * 3600
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'", *OIDC_ORIGIN],  # signing in is a form that leads there
        "frame-ancestors": ["'none'"],
    }
}

# THE API

OPENXMO_MOST_BYTES = read_number("OPENXMO_MOST_MEGABYTES", default=256, least=1) * 2**20  # of one post of signals
OPENXMO_CALLS_PER_MINUTE = read_number(
    "OPENXMO_CALLS_PER_MINUTE", default=600, least=1
)  # of one key, in each web process
OPENXMO_POSTS_PER_MINUTE = read_number("OPENXMO_POSTS_PER_MINUTE", default=600_000, least=1)  # the same, of signals

# WORDS AND FILES

LANGUAGE_CODE = "en"
LANGUAGES = find_languages()
LOCALE_PATHS = [LOCALE]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # pages show the office's zone
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+/built/[\w-]+-[A-Z0-9]{8}\.\w+$"  # named by their content
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_URL = read_text("OPENXMO_MAIL_HOST")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if EMAIL_URL else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = OPENXMO_HOME / "exports" / "mail"  # without a mail server, letters lie here
EMAIL_HOST = EMAIL_URL
EMAIL_PORT = read_number("OPENXMO_MAIL_PORT", default=587, least=1)
EMAIL_HOST_USER = read_text("OPENXMO_MAIL_USER")
EMAIL_HOST_PASSWORD = read_text("OPENXMO_MAIL_PASSWORD")
EMAIL_USE_TLS = read_flag("OPENXMO_MAIL_TLS", default=True)
DEFAULT_FROM_EMAIL = read_text("OPENXMO_MAIL_FROM", "office@localhost")

# Faults are written to standard error with their trace, also outside of debugging; people see a calm page.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"errors": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "root": {"handlers": ["errors"], "level": "ERROR"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},  # anybody can send a forged name
    },
}
