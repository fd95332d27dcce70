from casemgr.letters.layout import get_layout, read_sizes


def test_margins_lie_in_the_ranges_of_the_decree():
    page = get_layout().page
    assert (page.width, page.height) == (210, 297)
    assert 20 <= page.top <= 25
    assert 20 <= page.bottom <= 25
    assert 30 <= page.left <= 35
    assert 15 <= page.right <= 20


def test_type_sizes_lie_in_the_ranges_of_the_decree():
    sizes = get_layout()
    assert 12 <= sizes.header.national_size <= 13
    assert 12 <= sizes.header.agency_size <= 13
    for size in (sizes.header.motto_size, sizes.title.type_size, sizes.title.abstract_size, sizes.body.size):
        assert 13 <= size <= 14
    assert 13 <= sizes.page.number_size <= 14
    assert sizes.recipients.title_size == 12
    assert sizes.recipients.size == 11


def test_rules_are_between_a_third_and_a_half_of_the_words():
    assert 1 / 3 <= get_layout().header.agency_rule_share <= 1 / 2
    assert 1 / 3 <= get_layout().title.rule_share <= 1 / 2


def test_the_two_columns_of_the_header_fill_the_text_width():
    page, header, signature = get_layout().page, get_layout().header, get_layout().signature
    width = page.width - page.left - page.right
    assert header.left + header.right == width
    assert signature.left + signature.right == width


def test_every_section_of_the_file_is_read():
    assert set(read_sizes()) == {
        "page", "font", "header", "title", "body", "table", "signature", "recipients", "mark", "slip",
    }  # fmt: skip
