"""Differences of one page, and how they are shown on a line."""

from dataclasses import replace

import pytest

from crawler.items import Attachment, Image, Published
from crawler.reextract.compare import field_changes, page_shape, shortened
from tests.store.samples import article


def test_a_page_that_says_the_same_has_no_differences():
    page = article(1)
    assert field_changes(page_shape(page), page) == ()
    later = replace(page, related=(), views=None, sections=())  # these make no revision
    assert field_changes(page_shape(page), later) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Một tiêu đề khác"),
        ("url", "http://phuongmai.example/khac-pm1.aspx"),
        ("lead", None),
        ("author", None),
        ("organization", "Ban quản lý"),
        ("text", "Đoạn một."),
        ("html", "<p>Đoạn một.</p>"),
        ("event", None),
        ("series", None),
        ("images", (Image(None, "Bà con"),)),
        ("attachments", (Attachment("http://phuongmai.example/t.pdf", "Biên bản họp", None),)),
    ],
)
def test_each_field_is_compared_by_itself(name, value):
    old = article(1)
    new = replace(old, rules={"text" if name == "html" else name: "some-rule"}, **{name: value})
    (change,) = field_changes(page_shape(old), new)
    assert (change.field, change.old, change.new) == (name, page_shape(old)[name], page_shape(new)[name])
    assert change.rule == "some-rule"  # the body's mark-up has no rule of its own


def test_fields_come_in_the_order_of_the_record_and_without_a_rule_where_none_finds_them():
    old = article(1)
    new = replace(old, text="Khác.", published=None, title="Khác")
    assert [(change.field, change.rule) for change in field_changes(page_shape(old), new)] == [
        ("title", None),
        ("published", None),
        ("text", None),
    ]
    dated = replace(old, published=Published(old.published.date, "day", "khác"))
    assert [change.field for change in field_changes(page_shape(old), dated)] == ["published"]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (None, "Hà Nội", ("-", "Hà Nội")),
        ("cũ", None, ("cũ", "-")),
        (12, 13, ("12", "13")),
        ("a" * 100 + "B" + "c" * 100, "a" * 100 + "D", ("…" + "a" * 12 + "B" + "c" * 15 + "…", "…" + "a" * 12 + "D")),
        ("x" * 40, "x" * 40 + "y", ("…" + "x" * 12, "…" + "x" * 12 + "y")),
        ([{"b": 1, "a": 2}], [{"a": 2, "b": 3}], ('[{"a": 2, "b": 1}]', '[{"a": 2, "b": 3}]')),
    ],
)  # fmt: skip
def test_long_values_are_shown_from_where_they_part(old, new, shown):
    assert shortened(old, new, 30) == shown
    assert max(map(len, shortened(old, new, 30))) <= 30
