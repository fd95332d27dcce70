"""The 25-field case in Django's administration with django-searchable-encrypted-fields; runs in .venv-django.

Tuned as its documentation advises: no count of the whole table, long texts deferred in lists.
"""

import sys
from itertools import islice
from time import perf_counter, process_time
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

from benchmarks.made_up import CASELOAD, LONG, SEALED, owner_of, rows
from benchmarks.peers.serving import PASSWORD, Ready, serve

CHUNK = 1000
KEY = "0" * 63 + "1"
SEARCHED = ("full_name", "identity_number")


def configure(url: str) -> None:
    """Set Django up as `startproject` does, with the encrypted fields added."""
    middleware = "django.contrib.sessions django.middleware.common django.middleware.csrf django.contrib.auth"
    kinds = ("SessionMiddleware", "CommonMiddleware", "CsrfViewMiddleware", "AuthenticationMiddleware")
    named = {
        "django.contrib.sessions": "django.contrib.sessions.middleware",
        "django.contrib.auth": "django.contrib.auth.middleware",
    }
    stack = [f"{named.get(part, part)}.{kind}" for part, kind in zip(middleware.split(), kinds, strict=True)]
    apps = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
    settings.configure(
        SECRET_KEY="measured, and thrown away",
        FIELD_ENCRYPTION_KEYS=[KEY],
        DATABASES={"default": _database(url)},
        INSTALLED_APPS=[f"django.contrib.{name}" for name in apps] + ["encrypted_fields"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            *stack,
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
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
        ],
        ROOT_URLCONF="peer_urls",
        ALLOWED_HOSTS=["localhost"],
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        USE_TZ=True,
    )
    django.setup()


def _database(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    place = urlsplit(url.replace("+psycopg", "", 1))
    host = dict(part.split("=", 1) for part in place.query.split("&") if part).get("host", place.hostname)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place.path.lstrip("/"),
        "USER": place.username or "",
        "HOST": (host or "").replace("%2F", "/"),
        "PORT": place.port or "",
        "CONN_MAX_AGE": None,
    }


def _declare() -> Any:
    """Declare table and pages; possible only once Django is set up."""
    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.db import models
    from encrypted_fields.fields import EncryptedCharField, EncryptedTextField, SearchField

    columns: dict[str, Any] = {"__module__": __name__, "owner": models.ForeignKey(User, models.PROTECT)}
    for name, value in next(rows(1)).items():
        if name in SEARCHED:
            columns[f"{name}_sealed"] = EncryptedCharField(max_length=100)
            columns[name] = SearchField(hash_key=KEY, encrypted_field_name=f"{name}_sealed")
        elif name in LONG:
            columns[name] = EncryptedTextField(blank=True)
        elif name in SEALED:
            columns[name] = EncryptedCharField(max_length=100, blank=True)
        elif isinstance(value, str):
            columns[name] = models.CharField(max_length=60, blank=True, unique=name == "code")
        else:
            columns[name] = models.DateField()
    index = models.Index(fields=["owner", "-opened_on", "-id"])
    columns["Meta"] = type(
        "Meta", (), {"app_label": "auth", "ordering": ["-opened_on", "-id"], "indexes": [index]}
    )
    case = type("PeerCase", (models.Model,), columns)

    class CaseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
        """A list as ours: fifty rows, code, state, owner, day, risk and what is due."""

        list_display = ("code", "state", "owner", "opened_on", "risk_level", "next_due")
        list_select_related = ("owner",)
        list_per_page = 50
        show_full_result_count = False
        search_fields = ("identity_number__exact", "full_name__exact")
        exclude = tuple(SEARCHED)

        def get_queryset(self, request: Any) -> Any:
            """Show the cases of whoever is signed in."""
            found = super().get_queryset(request).filter(owner=request.user)
            is_list = request.resolver_match.url_name.endswith("_changelist")
            return found.defer(*LONG) if is_list else found

    admin.site.register(case, CaseAdmin)
    return case


def _fill(case: Any, count: int) -> Ready:
    from django.contrib.auth.models import Permission, User
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(case)
    begun, cpu = perf_counter(), process_time()
    names = [f"worker{place}" for place in range(-(-count // CASELOAD))]
    User.objects.bulk_create(User(username=name, is_staff=True, is_active=True) for name in names)
    workers = list(User.objects.order_by("id"))
    workers[0].set_password(PASSWORD)
    workers[0].save()
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(case)
    for action in ("view", "add", "change", "delete"):
        permission, _ = Permission.objects.get_or_create(
            codename=f"{action}_peercase", content_type=kind, defaults={"name": action}
        )
        workers[0].user_permissions.add(permission)
    source, number, mine = rows(count), 0, []
    while chunk := list(islice(source, CHUNK)):
        made = [case(owner=workers[owner_of(number + place)], **row) for place, row in enumerate(chunk)]
        case.objects.bulk_create(made)
        mine += chunk if number < CASELOAD else []
        number += len(chunk)
    seconds, used = perf_counter() - begun, process_time() - cpu
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    ids = case.objects.filter(owner=workers[0]).values_list("id", flat=True)
    connection.close()
    return Ready(
        sign_in="/admin/login/",
        fields=("username", "password"),
        list="/admin/auth/peercase/",
        open=tuple(f"/admin/auth/peercase/{case_id}/change/" for case_id in ids),
        add="/admin/auth/peercase/add/",
        row=_form(next(rows(1)), workers[0].pk),
        search_number="/admin/auth/peercase/?q={}",
        search_name="/admin/auth/peercase/?q=%22{}%22",
        numbers=tuple(str(row["identity_number"]) for row in mine[:CASELOAD]),
        names=tuple(str(row["full_name"]) for row in mine[:CASELOAD]),
        seconds=seconds,
        cpu=used,
    )


def _form(row: dict[str, Any], owner: int) -> dict[str, str]:
    renamed = {f"{name}_sealed" if name in SEARCHED else name: str(value) for name, value in row.items()}
    return {**renamed, "owner": str(owner)}


def main(url: str, count: int) -> None:
    """Fill and serve until killed."""
    configure(url)
    case = _declare()
    from django.contrib import admin
    from django.core.wsgi import get_wsgi_application
    from django.urls import path

    urls = ModuleType("peer_urls")
    urls.urlpatterns = [path("admin/", admin.site.urls)]  # type: ignore[attr-defined]
    sys.modules["peer_urls"] = urls
    ready = _fill(case, count)
    serve(get_wsgi_application(), ready)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
