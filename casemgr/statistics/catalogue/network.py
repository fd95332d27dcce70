"""Tables of the network: whether units answer, why they decline, how far they help, and what is not there.

For everybody there are only tables whose classes follow from no other table. A reason stands only where a
referral was declined, a need met only where one was completed, and kinds of units go with services: whoever
laid such a table beside that of services by outcome could work out what the other one hides. They are made
for named superior agencies alone.
"""

from collections.abc import Callable

from casemgr.facts.rules import FactKind
from casemgr.statistics.catalogue.building import crossed, listed, only
from casemgr.statistics.catalogue.entries import Family, TableEntry
from casemgr.statistics.classifications import left_open
from casemgr.statistics.disclosure.tables import Dimension

SERVICE, GAP = FactKind.SERVICE, FactKind.GAP


def _answered(kind: FactKind, name: str) -> Dimension:
    """Return a dimension of which what nobody recorded is only in the total."""
    whole = listed(kind, name)
    return only(whole, set(whole.codes()) - {left_open(kind)[name]})


def _pair(first: str, second: str) -> Callable[[], tuple[Dimension, ...]]:
    return lambda: (listed(SERVICE, first), _answered(SERVICE, second))


def _entry(
    name: str,
    build: Callable[[], tuple[Dimension, ...]],
    vi: str,
    en: str,
    *,
    kind: FactKind = SERVICE,
    for_everybody: bool = False,
) -> TableEntry:
    return TableEntry(
        name=name,
        kind=kind,
        family=Family.NETWORK,
        ladder=crossed(name, kind, build),
        restricted_only=not for_everybody,
        title_vi=vi,
        title_en=en,
    )


NETWORK: tuple[TableEntry, ...] = (
    _entry(
        *("referral_answers", _pair("unit_kind", "answered")),
        *("Chuyển gửi: đơn vị trả lời có kịp không", "Referrals: whether units answer in time"),
    ),
    _entry(
        *("referral_refusals", _pair("service", "reason")),
        *("Chuyển gửi không được nhận, theo lý do", "Referrals declined, by reason"),
    ),
    _entry(
        *("referral_needs", _pair("service", "needs_met")),
        *("Chuyển gửi: nhu cầu được đáp ứng đến đâu", "Referrals: how far needs were met"),
    ),
    _entry(
        *("referral_feedback", _pair("service", "feedback")),
        *("Ý kiến của người bị bạo lực về dịch vụ", "What survivors say of services"),
        for_everybody=True,
    ),
    _entry(
        *("gaps", lambda: (listed(GAP, "service"),)),
        *("Dịch vụ được tìm mà không có", "Services asked for and not there"),
        kind=GAP,
        for_everybody=True,
    ),
    _entry(
        *("gap_reasons", lambda: (listed(GAP, "service"), listed(GAP, "why"))),
        *("Dịch vụ được tìm mà không có, theo lý do", "Services asked for and not there, by reason"),
        kind=GAP,
    ),
)
