"""The 25-field case in Flask-AppBuilder, encrypted by sqlalchemy-utils; runs in .venv-appbuilder."""

import sys
from itertools import islice
from time import perf_counter, process_time
from typing import Any

from flask import Flask, g
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.models.sqla.filters import FilterEqualFunction
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.utils.legacy import get_sqla_class
from flask_wtf import CSRFProtect
from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, event, insert, select, text
from sqlalchemy.orm import relationship
from sqlalchemy_utils import StringEncryptedType
from sqlalchemy_utils.types.encrypted.encrypted_type import AesEngine, AesGcmEngine

from benchmarks.made_up import CASELOAD, SEALED, owner_of, rows
from benchmarks.peers.serving import PASSWORD, Ready, serve

CHUNK = 1000
KEY = "measured, and thrown away"
SEARCHED = ("full_name", "identity_number")
"""Only the engine without authentication gives equal texts equal ciphers, and can be searched."""


def _columns() -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, value in next(rows(1)).items():
        if name in SEARCHED:
            columns[name] = Column(StringEncryptedType(String, KEY, AesEngine, "pkcs5"), index=True)
        elif name in SEALED:
            columns[name] = Column(StringEncryptedType(String, KEY, AesGcmEngine))
        elif isinstance(value, str):
            columns[name] = Column(String(60), unique=name == "code")
        else:
            columns[name] = Column(Date)
    return columns


PeerCase: Any = type(
    "PeerCase",
    (Model,),
    {
        "__tablename__": "peer_case",
        "id": Column(Integer, primary_key=True),
        "owner_id": Column(Integer, ForeignKey("ab_user.id"), nullable=False),
        "owner": relationship(User),
        **_columns(),
    },
)
Index("peer_case_list", PeerCase.owner_id, PeerCase.opened_on.desc(), PeerCase.id.desc())


def _own() -> int:
    return int(g.user.id)


class PeerCaseView(ModelView):
    """A list as ours: fifty rows, code, state, owner, day, risk and what is due."""

    datamodel = SQLAInterface(PeerCase)
    page_size = 50
    base_order = ("opened_on", "desc")
    base_filters = [["owner_id", FilterEqualFunction, _own]]
    list_columns = ["code", "state", "owner", "opened_on", "risk_level", "next_due"]
    show_columns = edit_columns = ["owner", *_columns()]
    add_columns = ["owner", *_columns()]
    search_columns = list(SEARCHED)


def create(url: str) -> tuple[Flask, AppBuilder]:
    """Set the application up as its skeleton does."""
    app = Flask("peer")
    app.config.update(
        SECRET_KEY=KEY,
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 10} if not url.startswith("sqlite") else {},
        AUTH_TYPE=1,
        FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1000",
        FAB_ADD_SECURITY_API=False,
        RATELIMIT_ENABLED=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    CSRFProtect(app)
    database = get_sqla_class()(app)
    builder = AppBuilder()
    with app.app_context():
        if url.startswith("sqlite"):
            event.listen(database.engine, "connect", _prepare)
        builder.init_app(app, database.session)
        builder.add_view(PeerCaseView, "Cases")
        Model.metadata.create_all(database.engine)
    return app, builder


def _prepare(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _fill(builder: AppBuilder, count: int) -> Ready:
    begun, cpu = perf_counter(), process_time()
    security, session = builder.sm, builder.session
    role = security.add_role("worker")
    for permission in ("can_list", "can_show", "can_add", "can_edit", "can_delete"):
        security.add_permission_role(role, security.add_permission_view_menu(permission, "PeerCaseView"))
    security.add_permission_role(role, security.add_permission_view_menu("menu_access", "Cases"))
    first = security.add_user("worker0", "Worker", "0", "worker0@peer.test", role, password=PASSWORD)
    others = -(-count // CASELOAD) - 1
    made = [
        {
            "username": f"worker{place}",
            "first_name": "W",
            "last_name": str(place),
            "email": f"{place}@peer.test",
        }
        for place in range(1, others + 1)
    ]
    if made:
        session.execute(insert(security.user_model), made)
    workers = list(session.scalars(select(security.user_model.id).order_by(security.user_model.id)))
    source, number, mine = rows(count), 0, []
    while chunk := list(islice(source, CHUNK)):
        table = PeerCase.__table__
        values = [{"owner_id": workers[owner_of(number + place)], **row} for place, row in enumerate(chunk)]
        session.execute(table.insert(), values)
        mine += chunk if number < CASELOAD else []
        number += len(chunk)
    session.commit()
    seconds, used = perf_counter() - begun, process_time() - cpu
    session.execute(text("ANALYZE"))
    session.commit()
    ids = list(session.scalars(select(PeerCase.id).where(PeerCase.owner_id == first.id)))
    session.remove()
    return Ready(
        sign_in="/login/",
        fields=("username", "password"),
        list="/peercaseview/list/",
        open=tuple(f"/peercaseview/edit/{case_id}" for case_id in ids),
        add="/peercaseview/add",
        row={**{name: str(value) for name, value in next(rows(1)).items()}, "owner": str(first.id)},
        search_number="/peercaseview/list/?_flt_3_identity_number={}",
        search_name="/peercaseview/list/?_flt_3_full_name={}",
        numbers=tuple(str(row["identity_number"]) for row in mine[:CASELOAD]),
        names=tuple(str(row["full_name"]) for row in mine[:CASELOAD]),
        seconds=seconds,
        cpu=used,
    )


def main(url: str, count: int) -> None:
    """Fill and serve until killed."""
    app, builder = create(url)
    with app.app_context():
        ready = _fill(builder, count)
    serve(app, ready)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
