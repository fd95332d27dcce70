"""Addresses filled into a pattern are those that Flask builds; texts of templates escape their values."""

from uuid import uuid4

import pytest
from flask import Flask, url_for

from casemgr import i18n
from casemgr.factory import create_app
from tests.rig.staff import settings_for


@pytest.fixture
def app(database, keys, engine_url, tmp_path):
    return create_app(settings_for(engine_url, tmp_path), database, keys)


def test_an_address_from_a_pattern_is_the_one_that_flask_builds(app):
    with app.test_request_context("/", base_url="https://localhost"):
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static" or any(
                "uuid" not in str(rule._converters[one]).lower() for one in rule.arguments
            ):
                continue
            for _ in range(2):
                ids = {name: uuid4() for name in rule.arguments}
                assert url_for(rule.endpoint, **ids) == Flask.url_for(app, rule.endpoint, **ids)
                with_more = {**ids, "before": "2026-01-01.x", "_anchor": "here"}
                assert url_for(rule.endpoint, **with_more) == Flask.url_for(app, rule.endpoint, **with_more)


def test_ids_beside_the_path_and_in_another_order_stay_where_they_belong(app):
    with app.test_request_context("/", base_url="https://localhost"):
        for _ in range(2):
            case_id, task_id = uuid4(), uuid4()
            there = f"/cases/{case_id}/tasks/{task_id}/finish"
            assert url_for("cases.finish_task", case_id=case_id, task_id=task_id) == there
            assert url_for("cases.finish_task", task_id=task_id, case_id=case_id) == there
            assert url_for("cases.list_cases", then=case_id) == f"/cases?then={case_id}"


def test_static_files_keep_their_own_digest(app):
    with app.test_request_context("/", base_url="https://localhost"):
        names = ("all.css", "all.js", "favicon.svg")
        assert len({url_for("static", filename=name) for name in (*names, *names)}) == 3


def test_a_text_of_a_template_escapes_its_values_and_speaks_the_language_of_the_request(app):
    with app.test_request_context("/", base_url="https://localhost"):
        assert i18n.say("Case %(code)s", code="<b>").endswith("&lt;b&gt;")
        vietnamese = i18n.say("Cases")
        with i18n.force_locale("en"):
            assert i18n.say("Cases") == "Cases" != vietnamese
