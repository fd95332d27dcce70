import re
from xml.etree import ElementTree as ET

import pytest

from casemgr.letters.charts import STUB, BarChart, Series, draw
from tests.letters.sample import CHART, HOSTILE, PAIRED

SVG = "{http://www.w3.org/2000/svg}"


def make_chart(*values, **changes):
    given = {
        "name": "made", "title": "Số vụ", "unit": "vụ", "period": "2026", "count": 9,
        "categories": tuple(f"Nhóm {order}" for order in range(len(values))),
        "series": (Series(values=values),),
    }  # fmt: skip
    return BarChart(**(given | changes))


def read(svg):
    return ET.fromstring(svg)  # noqa: S314 the product itself has just written it


def bars(svg, kind):
    return [
        (float(one.get("x")), float(one.get("width")), float(one.get("height")))
        for one in read(svg).iter(f"{SVG}rect")
        if one.get("class") == kind
    ]


def words(svg):
    return [one.text for one in read(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("is_paper", [False, True])
def test_bars_start_at_zero_and_are_as_long_as_their_figures(is_paper):
    (first, second) = bars(draw(make_chart(40, 10), language="vi", is_paper=is_paper), "chart-bar")
    assert first[0] == second[0]
    assert first[1] == pytest.approx(4 * second[1], abs=0.05)


def test_a_protected_figure_is_a_stub_of_one_size_whatever_the_others_are():
    small = bars(draw(make_chart(1, None), language="vi"), "chart-protected")
    large = bars(draw(make_chart(900, None, None), language="vi"), "chart-protected")
    assert {width for _, width, _ in small + large} == {STUB}


def test_the_scale_does_not_depend_on_where_protected_figures_stand():
    first = draw(make_chart(5, None), language="vi")
    assert bars(first, "chart-bar") == bars(draw(make_chart(5, None), language="vi"), "chart-bar")
    assert draw(make_chart(None, None), language="vi").count("chart-protected") == 2


def test_zero_has_its_label_and_no_bar():
    svg = draw(make_chart(0), language="vi")
    assert bars(svg, "chart-bar") == []
    assert "0" in words(svg)


def test_labels_stand_on_the_marks_with_the_name_of_their_series():
    shown = words(draw(PAIRED, language="vi"))
    assert {"Nữ: 734", "Nữ: [bv]", "Nam: 12"} <= set(shown)
    assert "Nữ: [c]" in words(draw(PAIRED, language="en"))


def test_title_unit_period_and_number_are_in_the_picture():
    shown = " ".join(words(draw(CHART, language="vi", is_paper=True)))
    assert "Số vụ việc theo loại bạo lực chính" in shown
    assert "Đơn vị: vụ việc · Kỳ: 15/11/2025 – 15/5/2026 · n = 41" in shown
    assert "n = [bv]" in " ".join(words(draw(make_chart(1, count=None), language="vi")))


def test_the_picture_is_named_and_told_to_those_who_do_not_see_it():
    root = read(draw(CHART, language="vi"))
    assert root.get("role") == "img"
    named = root.get("aria-labelledby").split()
    ids = {one.get("id"): one.text for one in root.iter() if one.get("id")}
    assert ids[named[0]] == CHART.title
    assert "Bạo lực thể chất: 21." in ids[named[1]]
    assert "Tước đoạt nguồn lực: số liệu được bảo vệ." in ids[named[1]]


@pytest.mark.parametrize("is_paper", [False, True])
def test_no_style_script_or_address_is_in_the_picture(is_paper):
    svg = draw(CHART, language="vi", is_paper=is_paper)
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href", svg)
    assert re.findall(r"url\(([^)]*)\)", svg) == ["#by-type-hatch"] * 2


def test_hostile_words_stay_words():
    svg = draw(make_chart(3, title=HOSTILE, categories=("<script>alert(1)</script>",)), language="vi")
    assert "<script" not in svg
    assert "<script>alert(1)</script>" in words(svg)


def test_text_stays_inside_the_picture():
    svg = draw(make_chart(123456789, 3, categories=("Một nhãn rất dài " * 8, "Ngắn")), language="vi")
    width = float(read(svg).get("viewBox").split()[2])
    (longest, *_) = bars(svg, "chart-bar")
    assert longest[0] + longest[1] + len("123.456.789") * 5 < width


def test_the_same_chart_gives_the_same_picture():
    assert draw(CHART, language="vi") == draw(CHART, language="vi")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a b"},
        {"name": '"><x'},
        {"series": ()},
        {"series": (Series(values=(1, 2)),)},
        {"series": (Series(values=(-1,)),)},
    ],
)
def test_a_chart_that_cannot_be_drawn_honestly_is_refused(changes):
    with pytest.raises(ValueError, match=r"chart|series|bars"):
        make_chart(1, **changes)
