"""What changed between two versions: words, paragraphs, fields."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.compare import Hunk, compare, hunks, same, words
from crawler.items import Attachment, Image
from tests.store.samples import article

TEXTS = st.lists(
    st.sampled_from(["hội", "nghị", "Đảng", ",", ".", "12/3", "150", " ", "\t", "á\u0301", "🙂"]), max_size=30
)
PARAGRAPHS = st.lists(
    st.sampled_from(["Đoạn một.", "Đoạn hai dài hơn.", "Đoạn hai ngắn hơn.", "", "Khác."]), max_size=9
)


def marked(old: str, new: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[piece.op].format(piece.text) for piece in words(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("a b c", "a b c", "a b c"),
        ("có 150 đại biểu", "có 120 đại biểu", "có [-150-]{+120+} đại biểu"),
        ("sáng 12/3/2021", "sáng 13/3/2021", "sáng [-12/3/2021-]{+13/3/2021+}"),
        ("ba bốn năm sáu", "ba 4 5 sáu", "ba [-bốn năm-]{+4 5+} sáu"),
        ("đại biểu", "các đại biểu", "{+các +}đại biểu"),
        ("tại Hà Nội./.", "tại Hà Nội.", "tại Hà Nội.[-/.-]"),
        ("", "mới", "{+mới+}"),
        ("cũ", "", "[-cũ-]"),
        ("", "", ""),
        ("Đảng", "đảng", "[-Đảng-]{+đảng+}"),
        ("a  b", "a b", "a[-  -]{+ +}b"),
    ],
)
def test_words(old: str, new: str, shown: str) -> None:
    assert marked(old, new) == shown


@given(TEXTS, TEXTS)
def test_pieces_make_both_texts(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.op != "added") == before
    assert "".join(piece.text for piece in pieces if piece.op != "removed") == after
    assert all(piece.text for piece in pieces)
    if before == after:
        assert all(piece.op == "same" for piece in pieces)


@given(PARAGRAPHS, PARAGRAPHS)
def test_hunks_make_both_versions(old: list[str], new: list[str]) -> None:
    found = hunks(old, new)
    before: list[str] = []
    after: list[str] = []
    for hunk in found:
        if hunk.op == "kept":
            assert old[len(before) : len(before) + hunk.count] == new[len(after) : len(after) + hunk.count]
            before += old[len(before) : len(before) + hunk.count]
            after += new[len(after) : len(after) + hunk.count]
            continue
        before += [hunk.old] if hunk.op != "added" else []
        after += [hunk.new] if hunk.op != "removed" else []
    assert (before, after) == (old, new)


def test_a_changed_paragraph_stands_beside_its_old_form_whatever_was_put_between() -> None:
    old = ["Mở đầu.", "Hội nghị có 150 đại biểu dự.", "Kết thúc cũ hẳn."]
    new = ["Mở đầu.", "Đoạn hoàn toàn mới ở giữa.", "Hội nghị có 120 đại biểu dự.", "Đổi mới."]
    found = hunks(old, new)
    assert [(hunk.op, hunk.old, hunk.new) for hunk in found] == [
        ("kept", "", ""),
        ("added", "", "Đoạn hoàn toàn mới ở giữa."),
        ("changed", "Hội nghị có 150 đại biểu dự.", "Hội nghị có 120 đại biểu dự."),
        ("removed", "Kết thúc cũ hẳn.", ""),
        ("added", "", "Đổi mới."),
    ]


def test_paragraphs_that_stayed_are_counted() -> None:
    many = [f"Đoạn {number}." for number in range(9)]
    assert hunks(many, many) == (Hunk("kept", 9),)
    assert [hunk.count for hunk in hunks(many, [*many, "Mới."])] == [9, 1]


def test_fields_that_readers_see() -> None:
    old = article()
    changed = replace(
        article(title="Tên mới"),
        lead=None,
        text="Đoạn một của bài.\n\nĐoạn ba./.",
        images=(Image(None, "Bà con phát biểu"),),
        attachments=(Attachment("http://phuongmai.example/u.pdf", "Biên bản", None, None),),
    )
    found = {change.field: [hunk.op for hunk in change.hunks] for change in compare(old, changed)}
    assert found == {
        "title": ["changed"],
        "lead": ["removed"],
        "text": ["kept", "changed"],
        "captions": ["removed", "kept"],
        "attachments": ["changed"],
    }
    assert not same(old, changed)


def test_what_readers_do_not_see_is_no_difference() -> None:
    old = article()
    other = article(
        author="Khác", images=(Image("http://phuongmai.example/b.jpg", "Toàn cảnh cuộc họp"), *old.images[1:])
    )
    assert compare(old, other) == ()
    assert same(old, other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("một hai " * 50_000, "hai một ba " * 50_000),
        ("\n\n".join(f"đoạn {n}" for n in range(4000)), "\n\n".join(f"đoạn {n} khác" for n in range(4000))),
        ("\n\n".join(["a", "b"] * 3000), "\n\n".join(["b", "c", "a"] * 2000)),
    ],
    ids=["endless paragraph", "many paragraphs", "the same again and again"],
)
def test_hostile_texts_end(old: str, new: str) -> None:
    start = time.process_time()
    compare(article(text=old), article(text=new))
    assert time.process_time() - start < 10
