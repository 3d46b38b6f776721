"""Vocabulary of folded Vietnamese dates as pattern pieces, and the words that only look like it."""

#: Cardinal numbers; months also know `tư` and `giêng`.
NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
MONTHS = {**NUMBERS, "tu": 4, "gieng": 1, "muoi mot": 11, "muoi hai": 12}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
WEEKDAYS = {
    **dict.fromkeys(("hai", "2"), 0), **dict.fromkeys(("ba", "3"), 1), **dict.fromkeys(("tu", "4"), 2),
    **dict.fromkeys(("nam", "5"), 3), **dict.fromkeys(("sau", "6"), 4), **dict.fromkeys(("bay", "7"), 5),
    "chu nhat": 6, "cn": 6,
}  # fmt: skip

NUMBER_WORD = "(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)(?![a-z])"
#: `tháng giêng` with a day is a lunar date, see `lunar`.
MONTH_WORD = "(?:muoi hai|muoi mot|muoi|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin)(?![a-z])"
MONTH = f"(?:[0-9]{{1,2}}|{MONTH_WORD})"
WEEKDAY = "(?:thu ?(?:hai|ba|tu|nam|sau|bay|[2-7])|chu ?nhat|cn|t[2-7])(?![a-z0-9])"
PART_OF_DAY = "(?:sang|trua|chieu|toi|dem|khuya)"


def led_by(first: str, *behind: str) -> str:
    """The first character of a pattern, before which none of `behind` (patterns of fixed length) may stand.

    They are looked for behind that character: a search can then jump from one such character to the next.
    """
    return first + "".join(f"(?<!{before}{first})" for before in behind)


#: No letter or digit, ASCII or not, on that side.
LETTER_OR_DIGIT = r"[^\W_]"
EDGE_LEFT = rf"(?<!{LETTER_OR_DIGIT})"
EDGE_RIGHT = r"(?![^\W_])"
YEAR = "(?:19|20)[0-9]{2}"

#: Real Vietnamese words that fold to a word of ours. Those without accents are another word only in a text
#: that has accents: `Việt Nam 2018` is no year, `nam 2018` in `hoi nghi nam 2018` is.
_OTHERS = {
    "toi": "tới tôi tội tồi toi",
    "qua": "quá quả quà",
    "nay": "này nãy nảy",
    "thang": "thắng thẳng thăng thằng thang",
    "nam": "nấm nắm nằm nam",
    "tuan": "tuấn tuân tuẫn",
    "quy": "quỹ quỷ quy",
    "qui": "quị qui",
    "dem": "đếm đem đệm dem",
    "mai": "mãi mái mài",
    "mong": "mong mỏng mộng",
    "sang": "sang sàng sảng",
    "ngay": "ngay ngây ngáy",
    "hom": "hòm hom",
    "kia": "kìa",
    "mung": "mừng mung",
}
OTHER_SPELLINGS = {word: frozenset(others.split()) for word, others in _OTHERS.items()}


def month_number(text: str) -> int:
    """1-12 for a month's word, any number for digits."""
    return int(text) if text.isdigit() else MONTHS[text]


def number(text: str) -> int:
    """The value of digits or of a number word."""
    return int(text) if text.isdigit() else NUMBERS[text]
