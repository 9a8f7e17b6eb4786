"""Django's settings. Everything that differs between installations comes from the environment."""

from pathlib import Path

from upline import environment

BASE_DIR = Path(__file__).resolve().parent

DEBUG = False
BASE_URL = environment.origin("UPLINE_BASE_URL", "http://127.0.0.1:8000")
HTTPS = BASE_URL.startswith("https://")
SECRET_KEY = environment.secret("UPLINE_SECRET_KEY")
MASTER_KEYS = environment.master_keys("UPLINE_MASTER_KEYS")
ALLOWED_HOSTS = environment.words(
    "UPLINE_ALLOWED_HOSTS", f"127.0.0.1,localhost,{BASE_URL.split('//')[1].split(':')[0]}"
)
TRUSTED_PROXY = environment.switch("UPLINE_BEHIND_PROXY", default=False)

INSTALLED_APPS = [
    "upline.base",
    "upline.events",
    "upline.company",
    "upline.markets",
    "upline.mailings",
    "upline.pictures",
    "upline.catalog",
    "upline.members",
    "upline.genealogy",
    "upline.wallet",
    "upline.epins",
    "upline.cart",
    "upline.shipping",
    "upline.kyc",
    "upline.payouts",
    "upline.payments",
    "upline.orders",
    "upline.commissions",
    "upline.api",
    "upline.site",
    "upline.portal",
    "upline.design",
    "upline.shell",
    "upline.office.apps.OfficeConfig",
    "upline.office.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "corsheaders",
    "csp",
    "django_cotton",
]

# The pages' middleware; api/http/handler.py has what the API needs of it.
MIDDLEWARE = [
    "upline.api.http.frame.ApiFrame",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "upline.site.speaking.VisitorsLanguage",
    "upline.site.nul.NothingHasNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "upline.urls"
WSGI_APPLICATION = "upline.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# A page of all components, for those who build pages.
COMPONENT_PAGE = environment.switch("UPLINE_COMPONENT_PAGE", default=False)
# Components of pages: design/templates/components/. They see what they are given, and the request.
COTTON_DIR = "components"
COTTON_ISOLATE_BY_DEFAULT = True

# PgBouncer older than 1.21 cannot carry prepared statements: UPLINE_PREPARE=off.
PREPARE = environment.switch("UPLINE_PREPARE", default=True)
DATABASES = {"default": environment.database("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = None
# A statement, a lock or an idle transaction that holds others up ends by itself.
DATABASES["default"]["OPTIONS"].setdefault(
    "options",
    "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
)
# A server that vanishes without a word is noticed in half a minute.
for name, said in {
    "connect_timeout": "5",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}.items():
    DATABASES["default"]["OPTIONS"].setdefault(name, said)
# Migrations run as the owner of the tables, the application as a role that may not change them.
if environment.text("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = environment.database("DATABASE_OWNER_URL")
DATABASES["default"]["OPTIONS"] |= {"prepare_threshold": 0 if PREPARE else None}
DATABASE_ROUTERS = ["upline.base.databases.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "members.User"
# A hash costs some 27 ms of CPU; the library's default costs seven times as much
# and would let a few guessers occupy the machine. Tests set the cheap one.
ARGON2_CHEAP = environment.switch("UPLINE_CHEAP_HASHES", default=False)
# Tests count the statements of an action that promised to need only one.
STATEMENTS_COUNTED = environment.switch("UPLINE_COUNT_STATEMENTS", default=False)
HASHES_AT_ONCE = environment.whole_number("UPLINE_HASHES_AT_ONCE", 2, 1, 64)
PASSWORDS_WAITING = environment.whole_number("UPLINE_PASSWORDS_WAITING", 12, 1, 1024)
PASSWORD_HASHERS = ["upline.base.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "upline.members.security.new_passwords.Validator"}]
LOGIN_URL = "/office/login/"
LOGIN_REDIRECT_URL = "/office/"

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Copies of others lie in folders with their version in the name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/vendor/"

# None: no mail server (the demo has none); mails wait in the outbox.
SMTP = environment.smtp("SMTP_URL")
DEFAULT_FROM_EMAIL = environment.sender("MAIL_FROM", "Upline <upline@localhost>")
EMAIL_TIMEOUT = 20
if SMTP is not None:
    EMAIL_HOST, EMAIL_PORT = SMTP["host"], SMTP["port"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP["username"], SMTP["password"]
    EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP["use_ssl"], SMTP["use_tls"]

# Bodies are read and limited in upline.api.http.bodies; these two guard the office's forms.
DATA_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# With __Host- a browser takes the cookie from this host alone, and only over HTTPS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-office" if HTTPS else "office"
CSRF_COOKIE_NAME = "__Host-form" if HTTPS else "form"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# How long staff stay signed in: members/security/sessions.py.
SESSION_COOKIE_AGE = 12 * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
# What browsers remember about other hosts of the domain is for its owner to decide.
HSTS = environment.one_of("UPLINE_HSTS", "host", {"host", "subdomains", "preload"})
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and HSTS != "host"
SECURE_HSTS_PRELOAD = HTTPS and HSTS == "preload"
SECURE_SSL_REDIRECT = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
# The api never redirects to https: it would teach clients to send secrets in the clear first.
# HSTS speaks for subdomains only where UPLINE_HSTS says so.
# Usernames are unique without regard to case, which the check for `unique=True` does not see.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021", "auth.E003"]

CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [
    "accept", "api_key", "api-key", "access_token", "access-token", "authorization",
    "content-type", "idempotency-key", "prefer", "x-request-id", "x-requested-with",
]  # fmt: skip
CORS_EXPOSE_HEADERS = ["Location", "Retry-After", "Idempotency-Hit", "X-Request-Id"]

PROCRASTINATE_IMPORT_PATHS = ["upline.flows.tasks"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "upline.base.logs.LogLine"},
        "json": {"()": "upline.base.logs.Json"},
    },
    "filters": {"outage": {"()": "upline.base.logs.OutageInAWord"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": environment.one_of("UPLINE_LOG", "line", {"line", "json"}),
            "filters": ["outage"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "upline": {"level": "INFO"},
        # A refusal is an answer, not an event: only what went wrong here is logged.
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        # Anybody can send a wrong Host: it is answered, and not worth a traceback.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
