"""What short texts of a listing say: headings, dates, `Xem tiếp`, buttons. Pure."""

import re

from crawler.extract.listing_runs import Run

#: Folded texts of links that open an article without naming it.
GENERIC = re.compile(
    r"(?:(?:bam|click|nhan|vui long)(?: vao)?(?: day)?(?: de)? ?)*"
    r"(?:(?:xem|doc|read|view|tim hieu)(?: (?:tiep|them|chi tiet|toan bo|toan van|day du|bai|viet|noi dung|tin|theo|all"
    r"|more|full|details?|article|tai day|o day))*|chi tiet(?: bai viet| tin)?|tiep(?: tuc| theo)?|more|details?"
    r"|continue(?: reading)?|tai day|link|the article|\W*)[^a-z0-9]*"
)
#: `Tháng 10/2021`, `Năm 2019`, `Thứ Tư, 25/03/2020`: groups of one list, no headings.
_GROUP = re.compile(
    r"(?:thang [0-9]{1,2}(?: ?[/-] ?| nam |, )?(?:[0-9]{4})?|nam [0-9]{4}|[0-9]{4}"
    r"|(?:(?:thu [a-z2-7]{1,3}|chu nhat|cn|t[2-7]),? )?(?:ngay )?[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:19|20)[0-9]{2})"
)
#: Buttons that stand anywhere.
_TOOL = re.compile(
    r"(?:chia se|share|like|thich|in|in trang|in bai(?: viet)?|email|gui email|facebook|zalo|twitter|tweet|binh luan"
    r"|phan hoi|rss|quay lai|(?:len|ve) dau trang|luu bai(?: viet)?|luot xem|ngay dang)\W*"
)
_DATED = re.compile(
    r"[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?(?:19|20)[0-9]{2}|[0-9] (?:giay|phut|gio|ngay|tuan|thang|nam) truoc"
)


def is_heading(run: Run) -> bool:
    """Whether a text may name what follows it: short words, no date, no `Xem tiếp`."""
    text = run.folded
    if _GROUP.fullmatch(text):
        return False
    if run.frame.heading and not _TOOL.fullmatch(text):
        return True
    if len(text) > 90 or not any(c.isalpha() for c in text) or _DATED.search(text):
        return False
    return not (GENERIC.fullmatch(text) or _TOOL.fullmatch(text))


def is_date_like(run: Run) -> bool:
    """Whether a short text holds a date or an age."""
    return len(run.text) <= 60 and bool(_DATED.search(run.folded))
