"""Words that mark parts of a page on Vietnamese portals, folded, beside those of a site file. Values only."""

import re
from dataclasses import dataclass
from functools import lru_cache

from crawler.extract.known import remembered
from crawler.normalize import fold
from crawler.sites import Site

#: Headings of lists of other articles, beyond those a site file names (PORTAL.md, traps on 33 neighbours).
RELATED = re.compile(
    r"(?:(?:cac|nhung|mot so|danh sach)? ?(?:tin|bai|tin bai|bai viet|tin tuc|bai tin|tin, bai|noi dung"
    r"|van ban|thong tin)"
    r"(?: (?:tin|bai|viet|tuc))? (?:khac|lien quan|da dua|da dang|cung (?:chuyen (?:muc|de)|chu de|loai"
    r"|the loai)"
    r"|moi hon|cu hon|tiep theo|truoc|truoc do|cu|cung nhom|moi cung chuyen muc|khac cung chuyen muc)"
    r"|cung (?:chuyen (?:muc|de)|chu de|the loai)|lien quan|doc them|xem them|co the ban quan tam|tin khac"
    r"|ban co the quan tam|cac tin|bai viet moi hon|bai viet cu hon|related(?: (?:news|articles|posts))?)"
    r"(?: (?:cua|trong) .{1,40})?(?: ?\([0-9]+\))?"
)
#: What stands before or between links to other articles that a body or its foot holds.
POINTER = re.compile(
    r"(?:(?:moi (?:ban )?)?(?:xem|doc)(?: them| tiep| ngay)?|(?:cac )?(?:bai|tin)(?: viet| tin)?"
    r"(?: (?:truoc|sau|ke tiep|tiep theo|lien quan|cu hon|moi hon|truoc do))|lien quan|truoc|sau|previous|next)?"
    r"(?:[ :<>«»|,;&-]+(?:(?:bai|tin)(?: viet)? )?(?:truoc|sau|ke tiep|tiep theo))?"
)
#: Lines after which nothing belongs to the article, in whatever box they stand.
FOOTER = re.compile(
    r"(?:copyright|©|ban quyen (?:©|thuoc|[0-9]{4})"
    r"|(?:so )?giay phep (?:so|hoat dong|thiet lap|xuat ban|trang|ict|cung cap)"
    r"|chiu trach nhiem (?:chinh|noi dung|quan ly|xuat ban)|(?:co quan|don vi) chu quan|thiet ke(?: va|:| boi)"
    r"|(?:de nghi |xin )?ghi ro nguon|phat trien boi|powered by|(?:so |tong |tong so )?luot truy cap"
    r"|truy cap:|so truy cap"
    r"|dang truy cap|(?:khach |dang )?(?:truc tuyen|online) ?:|trang web nay)"
)
#: Lines of contact, which stand at the foot of a page, and in the body of a notice as well.
CONTACT = re.compile(
    r"(?:(?:dia chi|tru so|dien thoai|dt|tel|fax|e-?mail|website|hotline|(?:truong ban|tong|pho tong) bien tap) ?:"
    r"|(?:trang|cong) thong tin dien tu [^.]{0,90}$|chiu trach nhiem)"
)
#: Lines of the tools around an article: font size, print, share, vote. Whole lines.
_TOOL = (
    r"(?:a ?[-+]?|a a|aa|[-+|/>«»•·]|in|in (?:trang|bai|bai viet|tin|noi dung)|print|ban in|email"
    r"|e-mail|gui (?:email|mail|bai viet|"
    r"cho ban be)|chia se(?: (?:bai viet|len|qua|tren))?:?|share|facebook|twitter|zalo|google\+?"
    r"|linkedin|pinterest|"
    r"telegram|copy link|sao chep(?: lien ket)?|link|luu(?: bai)?|tweet|like|thich|co chu:?|cau chu:?"
    r"|kich thuoc chu:?|"
    r"cau? chu|do? tuong phan|tuong phan|nghe(?: bai viet| doc bai)?|doc bai(?: viet)?|phat am thanh"
    r"|xem co chu|mac dinh|"
    r"giam|tang|nho|vua|lon|phong to|thu nho|theo doi(?: tren)?|google news|quay lai|tro lai"
    r"|ve trang truoc|ve dau trang|"
    r"dau trang|len dau trang|trang chu|danh gia(?: bai viet)?:?|binh chon|gop y|phan hoi|bao loi|qr ?code|"
    r"audio|giong (?:nam|nu)|mien (?:bac|nam)|0:00(?: ?/ ?[0-9:]+)?|download|tai ve|loading\.*|dang tai\.*)"
)
TOOLS = re.compile(
    rf"{_TOOL}(?:[ |,/·•-]+{_TOOL})*|tong so diem cua bai viet.{{0,60}}"
    rf"|click de danh gia.{{0,40}}|xep hang:? [0-9].{{0,40}}"
    rf"|(?:danh gia|binh chon)\b[^.]{{0,12}}[0-9][0-9.,]* ?(?:trong|tren|/|sao|luot|diem).{{0,30}}"
)
#: What stands above or below a web archive's copy.
ARCHIVE_TOOLBAR = re.compile(
    r"(?:the wayback machine|internet archive wayback|wayback machine|archived from|this is a capture"
    r"|file archived on"
    r"|collected by|captured? (?:on|by)|[0-9,]+ captures?|about this capture|timestamps|success fail"
    r"|https?://web\.archive"
    r"|ban luu (?:cua|tu)|luu tru boi)"
)
COMMENTS = re.compile(
    r"(?:[0-9]+ )?(?:y kien(?: ban doc| phan hoi| cua ban)?|binh luan|gui (?:binh luan|y kien"
    r"|phan hoi)(?: cua ban)?"
    r"|y kien ban doc|viet (?:binh luan|phan hoi)|phan hoi|comments?|leave a (?:reply|comment)|thao luan"
    r"|dang nhap de binh luan|ho va ten:?|ho ten:?|nhap (?:ma|noi dung).*"
    r"|xem tat ca binh luan)(?: ?\([0-9]+\)| ?[0-9]+)? ?:?"
)
#: Lines that introduce attachments.
ATTACHMENTS = re.compile(
    r"(?:(?:cac )?(?:tep|tap tin|file|tai lieu|van ban)(?: tin| tap tin| van ban"
    r"| tai lieu)*(?: \(?(?:dinh )?kem(?: theo)?\)?| lien quan| tai ve)"
    r"|(?:file|tep|van ban) dinh kem|dinh kem(?: theo)?|(?:vui long |xin )?(?:moi )?(?:xem|tai"
    r"|doc)(?: chi tiet| toan van| noi dung| ve| file| van ban|"
    r" tep| tai lieu| day du| them)*|chi tiet|toan van|noi dung chi tiet|download|tai (?:ve|xuong|file)"
    r"|attachments?)\b"
)
#: Words that surround the link in such a line, and nothing else.
ATTACHMENT_WORDS = re.compile(
    r"\b(?:cac|tep|tap|tin|file|tai|lieu|van|ban|dinh|kem|theo|ve|xuong|xem|chi|tiet|tai day|o|day"
    r"|download|toan|noi|dung|"
    r"duoi|link|click|vao|nhan|bam|tren|cua|kb|mb|pdf|docx?|xlsx?|vui|long|moi|doc|day du|luot|so|thong"
    r"|bao|[0-9]+)\b|[^a-z]+"
)
BREADCRUMB_HOME = re.compile(r"(?:trang chu|home|trang nhat|trang dau)")


@dataclass(frozen=True, slots=True)
class Words:
    """The labels of a site file, folded and without colons; the patterns match folded text."""

    related: frozenset[str]
    sidebar: frozenset[str]
    end: frozenset[str]
    attachments: frozenset[str]
    #: Beginnings of lines that name a source or tags, colons kept.
    source: tuple[str, ...]
    #: Beginning that makes a line a caption.
    caption: re.Pattern[str]
    #: First words of an issuing body.
    organization: re.Pattern[str]


@lru_cache(maxsize=16)
def words_of(site: Site) -> Words:
    """The labels of a site as rules compare them."""
    labels = site.labels
    return Words(
        related=_folded(labels.related),
        sidebar=_folded(labels.sidebar),
        end=_folded(labels.end),
        attachments=_folded(labels.attachments),
        source=tuple(fold(label) for label in (*labels.source, *labels.tags)),
        caption=re.compile(rf"\(?(?:{_alternatives(labels.caption)})(?: ?[0-9]{{1,2}})? ?[:.] ?"),
        organization=re.compile(rf"(?:t/?m\.? ?|tl\.? ?)?(?:{_alternatives(labels.organization)})\b"),
    )


def _alternatives(labels: tuple[str, ...]) -> str:
    """Longest first, so that `ban chap hanh` is tried before `ban`; an empty list matches nothing."""
    return "|".join(sorted((re.escape(word) for word in _folded(labels)), key=len, reverse=True)) or "(?!)"


def _folded(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fold(label).strip(" :.*-") for label in labels)


_COUNT = re.compile(r"\s*[(\[]\s*[0-9]+\s*[)\]]\s*:?\s*$")


@remembered
def bare(folded: str) -> str:
    """A short folded line as labels are compared: without bullets, colons, arrows and counts around it."""
    counted = folded.rstrip(" :")[-1:] in (")", "]")
    return (_COUNT.sub("", folded) if counted else folded).strip(" :.*-•»«>|+▪■►▶●…\"'“”()[]")


@remembered
def is_tools(folded: str) -> bool:
    """Whether a folded line is tools of the page and nothing else."""
    return TOOLS.fullmatch(folded) is not None


@remembered
def is_comments(label: str) -> bool:
    """Whether a bare line is the heading or a part of the readers' comments."""
    return COMMENTS.fullmatch(label) is not None


@remembered
def is_footer(label: str) -> bool:
    """Whether a bare line begins as those at the foot of a page do."""
    return FOOTER.match(label) is not None


@remembered
def is_contact(label: str) -> bool:
    """Whether a bare line begins as lines of contact do."""
    return CONTACT.match(label) is not None


@remembered
def heads_related(label: str) -> bool:
    """Whether a bare line is a usual heading of a list of other articles."""
    return RELATED.fullmatch(label) is not None
