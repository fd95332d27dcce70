"""What a keeper, a partner or a thief of pages tries: who stayed before, where a hidden address lies."""

import io
import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from pypdf import PdfReader

from casemgr import clock
from casemgr.cases.service import bar_account
from casemgr.errors import NotFound
from casemgr.letters import pdf
from casemgr.policy import Role
from casemgr.referrals import service as referrals
from casemgr.referrals.queries import list_alternatives, list_choices, list_stays, open_referral
from casemgr.shelters import queries as shelters
from casemgr.stays import queries, reports, service
from casemgr.stays.rules import Span, SpanKind, list_spans
from tests.rig.network import send, sending_to
from tests.rig.office import add_account

PLACE = ("Nhà ba gian", "cuối ngõ", "Rẽ phải", "sau cầu")
HER = ("Chị Hoa", "chè xanh", "Tít", "Hen suyễn")
TOLD = {"incident": "khac", "what": "Ai đã ở đây?"}
JUNE = Span(kind=SpanKind.MONTH, first=date(2026, 6, 1))


def stay_and_leave(network, **offer):
    """Let people come, be written down, and leave again."""
    referral = send(network, **offer)
    referrals.accept(network.keeper, referral.bundle_id)
    referrals.record_arrival(network.keeper, referral.bundle_id)
    service.add_person(network.keeper, referral.bundle_id, {"kind": "tre_em", "called": "Tít"})
    service.add_need(network.keeper, referral.bundle_id, {"what": "Hen suyễn"})
    service.add_supply(network.keeper, referral.bundle_id, {"supply": "thuoc", "cost": 77_000})
    entry_id = service.hand_over(network.keeper, referral.bundle_id, {"points": ["thuoc_dung"]})
    referrals.complete(network.keeper, referral.bundle_id, left_to="nguoi_than", safety="an_toan")
    return referral, entry_id


def read(document) -> str:
    pages = PdfReader(io.BytesIO(pdf.write_document(document))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_a_new_keeper_learns_nothing_of_who_stayed_before(session, network) -> None:
    before, entry_id = stay_and_leave(network)
    new = add_account(network.address_id, Role.KEEPER, "Mới")
    for keeper in (new, network.keeper):
        assert list_stays(keeper) == []
        own = shelters.get_own_address(keeper)
        assert own.known_to([]).free == own.free
        for reach in (
            lambda keeper=keeper: queries.open_stay(keeper, before.bundle_id),
            lambda keeper=keeper: service.confirm(keeper, before.bundle_id, entry_id),
            lambda keeper=keeper: service.tell_incident(
                keeper, {"incident": "khac", "what": "?"}, before.bundle_id
            ),
            lambda keeper=keeper: queries.open_outcome(keeper, network.case_id, before.id),
            lambda keeper=keeper: queries.open_stay(keeper, uuid4()),
        ):
            with pytest.raises(NotFound) as refused:
                reach()
            assert refused.value.args == ()
        assert queries.list_incidents(keeper) == []
        figures = queries.count_span(keeper, JUNE)
        assert (figures.began, figures.ended, figures.cost) == (0, 0, 0)


def test_the_next_stay_carries_nothing_over_from_the_one_before(network) -> None:
    stay_and_leave(network)
    referral = send(network, adults=1, children=0, special_needs="")
    referrals.accept(network.keeper, referral.bundle_id)
    seen = str(queries.open_stay(network.second_keeper, referral.bundle_id))
    assert not [word for word in (*HER, "77000") if word in seen]


def test_the_month_counts_for_the_commune_without_what_is_kept_from_the_supervisor(network) -> None:
    office = network.office
    stay_and_leave(network)
    figures = queries.count_span(office.supervisor, JUNE)
    assert (figures.began, figures.adults, figures.children, figures.cost) == (1, 1, 2, 77_000)
    assert figures.supplies == (("thuoc", 1),)
    assert queries.count_span(office.supervisor, Span.around(SpanKind.MONTH, date(2026, 5, 1))).began == 0
    assert queries.count_span(office.stranger, JUNE).began == 0
    bar_account(office.worker, network.case_id, office.supervisor.account_id, "Người nhà")
    kept = queries.count_span(office.supervisor, JUNE)
    assert (kept.began, kept.ended, kept.cost) == (0, 0, 0)


def test_a_supervisor_of_the_commune_whom_the_referral_leaves_out_finds_neither_incident_nor_figure(
    network,
) -> None:
    uncle = add_account(network.address_id, Role.SUPERVISOR, "Chú")
    asked = replace(sending_to(network.address_id), excluded=frozenset({uncle.account_id}))
    referral = referrals.send_referral(network.office.worker, network.case_id, asked)
    referrals.accept(network.keeper, referral.bundle_id)
    referrals.record_arrival(network.keeper, referral.bundle_id)
    incident_id = service.tell_incident(network.keeper, TOLD, referral.bundle_id)
    assert [row.incident_id for row in queries.list_incidents(network.office.supervisor)] == [incident_id]
    assert queries.list_incidents(uncle) == []
    with pytest.raises(NotFound):
        queries.open_incident(uncle, incident_id)
    assert queries.count_span(network.office.supervisor, JUNE).began == 1
    assert queries.count_span(uncle, JUNE).began == 0


def test_what_is_sent_to_the_board_counts_nobody_and_has_no_hidden_address(network) -> None:
    office = network.office
    stay_and_leave(network)
    content = queries.collect_periodic(office.supervisor, JUNE, clock.today(), is_synthetic=False)
    told = read(reports.compose_periodic(content))
    assert "tháng 06/2026" in told
    assert "Thôn Một" not in told
    assert "không nêu số lượt" in told
    assert not [word for word in (*PLACE, *HER, "77.000", "12/QĐ-UBND") if word in told]
    assert content.released is None


def test_the_report_right_after_a_stay_names_nobody_no_place_and_no_number(network) -> None:
    referral, _ = stay_and_leave(network)
    outcome = queries.open_outcome(network.office.worker, network.case_id, referral.id)
    told = read(reports.compose_immediate("UBND xã Cẩm Tú", outcome, clock.today(), is_synthetic=False))
    assert "thuốc, khám chữa bệnh" in told
    assert "LƯU HÀNH NỘI BỘ" in told
    assert not [word for word in (*PLACE, *HER, "77.000", "Thôn Một", "01/06") if word in told]
    for actor in (network.keeper, network.office.colleague, network.office.stranger):
        with pytest.raises(NotFound):
            queries.open_outcome(actor, network.case_id, referral.id)


def test_a_report_of_a_stay_that_goes_on_does_not_exist(network) -> None:
    referral = send(network)
    referrals.accept(network.keeper, referral.bundle_id)
    referrals.record_arrival(network.keeper, referral.bundle_id)
    with pytest.raises(NotFound):
        queries.open_outcome(network.office.worker, network.case_id, referral.id)


def test_the_place_of_a_hidden_address_is_told_while_a_bed_is_promised_and_no_longer(network) -> None:
    worker, referral = network.office.worker, send(network)
    shown = lambda: str(open_referral(worker, network.case_id, referral.id))  # noqa: E731
    assert PLACE[0] not in shown()
    referrals.accept(network.keeper, referral.bundle_id)
    assert PLACE[0] in shown()
    referrals.record_arrival(network.keeper, referral.bundle_id)
    assert PLACE[0] in shown()
    referrals.complete(network.keeper, referral.bundle_id, left_to="nguoi_than", safety="an_toan")
    assert PLACE[0] not in shown()


def test_no_list_that_leads_to_an_address_tells_where_it_is(network) -> None:
    office, referral = network.office, send(network)
    lists = (
        shelters.list_board(office.worker),
        shelters.list_register(office.supervisor),
        list_choices(office.worker, "tam_lanh"),
        list_alternatives(office.worker, network.case_id, referral.id),
        queries.list_incidents(office.supervisor),
    )
    assert not [word for word in PLACE if word in str(lists)]


def test_distance_and_way_to_a_hidden_address_are_told_with_the_bed_and_not_before(network) -> None:
    office, referral = network.office, send(network)
    entry = shelters.open_address(office.supervisor, network.address_id)
    entry.details = {**entry.details, "travel": "xa"}
    shown = lambda: open_referral(office.worker, network.case_id, referral.id)  # noqa: E731
    assert [row.travel for row in shelters.list_board(office.worker)] == [""]
    assert shown().way is None
    referrals.accept(network.keeper, referral.bundle_id)
    assert shown().way == {
        "place": "Nhà ba gian cuối ngõ",
        "way": "Rẽ phải sau cầu",
        "travel": "xa",
        "contact_phone": "+84911222333",
    }
    assert [row.travel for row in shelters.list_board(office.worker)] == [""]
    entry.is_public = True
    assert [row.travel for row in shelters.list_board(office.worker)] == ["xa"]


@pytest.mark.parametrize(
    ("kind", "codes", "last"),
    [
        (SpanKind.MONTH, ["2026-02", "2026-01", "2025-12", "2025-11"], date(2026, 2, 28)),
        (SpanKind.QUARTER, ["2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2"], date(2026, 3, 31)),
        (SpanKind.YEAR, ["2026", "2025", "2024"], date(2026, 12, 31)),
    ],
)
def test_spans_go_back_from_today_over_the_turn_of_the_year(kind, codes, last) -> None:
    spans = list_spans(kind, date(2026, 2, 28))
    assert [span.code for span in spans][:4] == codes
    assert spans[0].last == last
    pairs = zip(spans[1:], spans, strict=False)
    assert all((later.first - before.last).days == 1 for before, later in pairs)


@pytest.mark.parametrize("kind", list(SpanKind))
def test_the_report_of_every_span_counts_nobody_until_a_table_of_it_is_released(network, kind) -> None:
    office = network.office
    stay_and_leave(network)
    span = Span.around(kind, date(2026, 6, 1))
    content = queries.collect_periodic(office.supervisor, span, clock.today(), is_synthetic=False)
    told = read(reports.compose_periodic(content))
    named = {"month": "tháng 06/2026", "quarter": "quý II năm 2026", "year": "năm 2026"}
    assert named[kind] in told
    assert "không nêu số lượt" in told
    assert not [word for word in (*PLACE, *HER, "77.000", "Thôn Một") if word in told]
    figures = queries.count_span(office.supervisor, span)
    assert (figures.began, figures.cost) == (1, 77_000)
    released = reports.Released(first=span.first, last=span.last, total=None)
    told = read(reports.compose_periodic(replace(content, released=released)))
    assert "của kỳ báo cáo" in told
    assert "[bv]" in told
    other = reports.Released(first=date(2025, 1, 1), last=date(2025, 12, 31), total=12)
    assert "gần nhất" in read(reports.compose_periodic(replace(content, released=other)))
