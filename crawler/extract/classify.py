"""Pages that are no articles, told by what they say: blocks, errors, maintenance, logins, halves. Pure."""

import re

from crawler.extract.document import Document
from crawler.normalize import fold

#: Reason -> what such pages say, folded. Order matters: a challenge page may speak of errors as well.
_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "captcha",
        re.compile(
            r"captcha|ban (?:khong )?phai la (?:nguoi may|robot)|xac (?:minh"
            r"|nhan) (?:rang )?ban la (?:con )?nguoi"
            r"|are you (?:a )?(?:human|robot)|verify(?:ing)? (?:that )?you are (?:a )?human"
            r"|nhap ma (?:xac nhan|bao ve) de tiep tuc"
        ),
    ),
    (
        "blocked",
        re.compile(
            r"just a moment|attention required|access (?:to this (?:page|resource) )?(?:has been |is "
            r"|was )?denied|request (?:rejected|blocked)"
            r"|requested url was rejected|checking your browser|ddos protection|cloudflare ray id"
            r"|incapsula|web application firewall"
            r"|security (?:check|policy)|you have been blocked|403 forbidden|forbidden"
            r"|enable javascript and cookies|unusual traffic"
            r"|truy cap (?:cua ban )?(?:da )?bi (?:tu choi|chan)"
            r"|yeu cau (?:cua ban )?(?:da )?bi (?:tu choi|chan)|too many requests"
            r"|dang kiem tra trinh duyet|tuong lua|khong co quyen truy cap"
        ),
    ),
    (
        "runtime-error",
        re.compile(
            r"server error in '|runtime error|application error|unhandled exception"
            r"|internal server error|stack trace:|http error [45][0-9]{2}"
            r"|service unavailable|bad gateway|gateway time-?out|loi (?:may chu|he thong|ung dung)"
            r"|da (?:xay ra|co) loi|error establishing a database"
            r"|compilation error|parser error|object reference not set|xin loi,? da co loi"
            r"|khong the ket noi (?:den )?(?:co so du lieu|may chu)"
        ),
    ),
    (
        "maintenance",
        re.compile(
            r"bao tri|dang (?:duoc )?nang cap|nang cap he thong|under (?:maintenance|construction)"
            r"|scheduled maintenance|dang (?:duoc )?xay dung"
            r"|tam (?:ngung|dung) (?:hoat dong|phuc vu|truy cap)|se (?:som )?(?:hoat dong"
            r"|quay) (?:tro )?lai|app_offline|coming soon"
        ),
    ),
    (
        "soft-404",
        re.compile(
            r"(?:trang|bai viet|noi dung|tin|duong dan|du lieu|lien ket"
            r"|bai)(?: \w+){0,6} (?:khong (?:ton tai|tim thay|duoc tim thay|co)|da bi (?:xoa|go))"
            r"|khong (?:tim thay|ton tai)(?: \w+){0,4} (?:trang|bai|noi dung|tin|du lieu|ket qua"
            r"|duong dan|yeu cau)|khong tim thay|khong ton tai"
            r"|(?:error|loi) 404|404 (?:error|not found)|\b404\b|(?:page|file"
            r"|resource)(?: \w+){0,4} (?:not found|cannot be found|could not be found)"
            r"|page not found|not found|da bi (?:xoa|go bo)"
        ),
    ),
    (
        "parked",
        re.compile(
            r"(?:this )?domain (?:name )?(?:is |may be )?(?:for sale|parked|expired|available"
            r"|has expired)|buy this domain|parked (?:free|domain)"
            r"|ten mien (?:\S+ )?(?:dang )?(?:duoc )?(?:rao )?(?:ban|het han"
            r"|chua (?:duoc )?(?:kich hoat|cau hinh))|sedo\.com|hugedomains|godaddy"
            r"|default (?:web )?(?:site|page)|welcome to nginx|iis windows server"
            r"|apache2? .{0,20}default page|index of /"
        ),
    ),
    ("login", re.compile(r"dang nhap|log ?in|sign ?in|mat khau|password")),
)
#: A page that is only such a message says little else; a full skin may stand around it.
_SHORT, _HEADLINE = 1500, 200
#: A title that is a message is short.
_TITLE = 100
_FILES = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"Rar!",
    b"{\\rtf",
    b"RIFF",
)
_BLOCKS = ("div", "table", "td", "ul", "form", "section", "article", "main", "center")
_SENTENCE_END = (".", "!", "?", ")", "”", '"', ":", "…", ">")


def refusal_of_bytes(body: bytes) -> str | None:
    """A reason seen before anything is decoded: an empty body, a PDF or another file sent as a page."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return None if body[1024:].strip() else "empty"
    if head.startswith(b"%PDF"):
        return "pdf"
    return "binary" if head.startswith(_FILES) else None


def refusal_of_message(document: Document) -> str | None:
    """The reason when a page that showed no article is a message; None when it says nothing of the kind."""
    printed = document.printed
    headline = fold(
        " ".join([document.title_tag, *(b.text for b in document.blocks if b.heading and not b.noise)])[:2000]
    )
    for reason, pattern in _PHRASES[:-1]:
        if pattern.search(headline):
            return reason
    if len(printed) <= _SHORT:
        folded = fold(printed)
        for reason, pattern in _PHRASES[:-1]:
            if pattern.search(folded):
                return reason
        if len(folded) < 20 and not any(block.pictures for block in document.blocks):
            return "empty"
    if document.password_field and (len(printed) <= _SHORT or _PHRASES[-1][1].search(headline)):
        return "login"
    return _short_message(document)


def _short_message(document: Document) -> str | None:
    """A sentence of its own inside the portal's full skin."""
    for block in document.blocks:
        if 10 <= len(block.text) <= _HEADLINE and not block.noise and block.linked < 0.5:
            folded = fold(block.text)
            for reason, pattern in _PHRASES[:-1]:
                match = pattern.search(folded)
                if match and match.end() - match.start() >= min(15, len(folded) - 2):
                    return reason
    return None


def message_of_title(title: str) -> str | None:
    """The reason when a title is itself a message (`Không tìm thấy trang`), not the name of an article."""
    folded = fold(title)
    if len(folded) <= _TITLE:
        for reason, pattern in _PHRASES:
            match = pattern.search(folded)
            if match and 2 * len(match[0]) >= len(folded):
                return reason
    return None


def is_challenge(document: Document) -> bool:
    """Whether the title of the page itself is that of a firewall; such a page is never an article."""
    title = fold(document.title_tag)
    return len(title) < 80 and any(pattern.match(title) for _, pattern in _PHRASES[:2])


def is_truncated(document: Document) -> bool:
    """Whether the page breaks off: it opens boxes or sentences that nothing closes, and does not end as HTML.

    A page may leave `</html>` out, but then it closes its boxes.
    """
    text = document.text
    if _is_closed(text[-3000:]):
        return False
    lowered = text.lower()
    if _is_closed(lowered):  # capitals, scripts and toolbars behind the end of the page
        return False
    if lowered.rfind("<") > lowered.rfind(">"):
        return True
    if any(_opened(lowered, tag) > lowered.count(f"</{tag}") for tag in _BLOCKS):
        return True
    last = next((block.text for block in reversed(document.blocks) if block.text), "")
    return "<body" in lowered and len(last) > 60 and not last.endswith(_SENTENCE_END)


def _is_closed(text: str) -> bool:
    return "</html" in text or "</body" in text


def _opened(lowered: str, tag: str) -> int:
    return lowered.count(f"<{tag} ") + lowered.count(f"<{tag}>") + lowered.count(f"<{tag}\n")
