"""The lead: the paragraph between header and body that says what the article tells of. Pure."""

import re
from collections.abc import Mapping, Sequence

from crawler.extract.paragraphs import Paragraph
from crawler.normalize import fold

_HINT = re.compile(
    r"sapo|\blead\b|lead-|-lead|lbllead|summary|tom-?tat|tomtat|mo-?ta|mota|intro|trich-?dan|description|chapeau|teaser|excerpt"
)
#: What opens a body that has no lead: salutations, labelled lines, numbered or lettered headings, dashes.
_NO_LEAD = re.compile(
    r"(?:kinh (?:gui|thua)|thua (?:cac|toan the|quy)|[-–+*•]|[ivx]{1,4}[.)]|[0-9]{1,2}[.)]|[a-zđ][.)] )"
    r"|[^.:]{3,40}:$|(?:thoi gian|dia diem|thanh phan|noi dung|chu tri|chuong trinh)[^.:]{0,30}:"
)
_LONGEST_MARKED, _LONGEST = 1500, 900
_SHORTEST = 25


def take_lead(paragraphs: Sequence[Paragraph], meta: Mapping[str, str]) -> tuple[str | None, str]:
    """Finds the lead, gives its paragraph the role and drops its repetition; the text and the rule's name."""
    texts = [p for p in paragraphs if p.role == "text" and p.text]
    if not texts:
        return None, ""
    rule = _rule(texts, meta)
    if rule is None:
        return None, ""
    lead = texts[0]
    lead.role = "lead"
    folded = fold(lead.text)
    for paragraph in texts[1:3]:
        if fold(paragraph.text) == folded:
            paragraph.role = "dropped"
    return lead.text, rule


def _rule(texts: Sequence[Paragraph], meta: Mapping[str, str]) -> str | None:
    """The rule by which the first paragraph is the lead; None when it is none."""
    first = texts[0]
    text = first.text
    alone = len(texts) == 1
    if alone or first.first.heading == 1:
        return None
    if len(text) <= _LONGEST_MARKED and len(text) >= _SHORTEST:
        if _has_hint(first):
            return "lead-box"
        if len(texts) > 1 and fold(texts[1].text) == fold(text):
            return "repeated"
    if _NO_LEAD.match(fold(text[:120])) or len(text) < _SHORTEST or first.first.frame.within("li"):
        return None
    if len(text) <= _LONGEST_MARKED and first.bold and not all(p.bold for p in texts[1:3]):
        return "bold-first-paragraph"
    described = fold(meta.get("og:description", "") or meta.get("description", "")).rstrip(" .…")
    if len(described) >= 40 and fold(text).startswith(described[:150]):
        return "agrees-description"
    return "first-paragraph" if len(text) <= _LONGEST else None


def _has_hint(paragraph: Paragraph) -> bool:
    line = paragraph.first
    frames = [line.frame, line.frame.parent] if line.frame.tag == "p" and line.frame.parent else [line.frame]
    if any(frame and _HINT.search(frame.hint) for frame in frames):
        return True
    return any(_HINT.search(piece.hint) for piece in line.pieces if piece.hint)
