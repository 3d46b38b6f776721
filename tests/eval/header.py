"""The header line of an article (date, views) in many spellings, and what of it a reader can tell."""

from dataclasses import dataclass
from datetime import date

from fixtures.portal import PortalArticle
from tests.eval.dice import Dice
from tests.eval.markup import noise

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """Mark-up of the line, and the truth it shows; `published` is an ISO date or minute with offset."""

    html: str
    published: str | None
    views: int | None


def _minute(article: PortalArticle) -> tuple[int, int]:
    return 7 + article.number % 11, article.number * 7 % 60


def _spelled(day: date, form: str) -> str:
    return day.strftime({"slash": "%d/%m/%Y", "dash": "%d-%m-%Y", "dot": "%d.%m.%Y"}[form])


def _pair(skin: Dice, left: str, right: str) -> str:
    """`left | right` in one text, in spans, in cells, over lines."""
    bar = skin.pick("header/bar", "|", "|", "|", "&nbsp;|&nbsp;", "<b>|</b>", '<span class="sep">|</span>')
    form = skin.pick("header/pair", "plain", "plain", "spans", "cells", "lines", "nested")
    if form == "plain":
        return f"{left} {bar} {right}"
    if form == "spans":
        return f"<span{noise(skin, 'date')}>{left}</span> {bar} <span{noise(skin, 'views')}>{right}</span>"
    if form == "cells":
        return f"<table><tr><td>{left}</td><td>{bar}</td><td>{right}</td></tr></table>"
    if form == "lines":
        return f"\n\t\t{left}\n\t\t{bar}\n\t\t{right}\n"
    return f"<div><span><em>{left}</em></span><span>{bar}<span>{right}</span></span></div>"


def header_line(skin: Dice, article: PortalArticle) -> HeaderLine:
    """The line of this article; half of the skins use the portal's own form `DD/MM/YYYY | N`."""
    kind = skin.pick(
        "header/kind", *["portal"] * 10, "labelled", "labelled", "icons", "icons", "clock", "clock", "weekday",
        "views-first", "after", "parens", "glued-tools", "none", "worded", "iso", "by", "updated", "cells",
    )  # fmt: skip
    day, views = article.published, article.views
    spelled = _spelled(day, skin.pick("header/spelling", *["slash"] * 5, "dash", "dot"))
    iso = day.isoformat()
    hour, minute = _minute(article)
    exact = f"{iso}T{hour:02d}:{minute:02d}:00+07:00"
    thousands = f"{views:,}".replace(",", skin.pick("header/thousands", "", ".", ","))
    count_label = skin.pick(
        "header/count-label", "Lượt xem:", "Số lượt xem:", "Đã xem:", "Lượt đọc:", "Lượt xem :"
    )
    if kind == "portal":
        return HeaderLine(_pair(skin, day.strftime("%d/%m/%Y"), str(views)), iso, views)
    if kind == "labelled":
        label = skin.pick(
            "header/label", "Ngày đăng:", "Ngày đăng :", "Đăng ngày", "Cập nhật:", "Ngày xuất bản:"
        )
        return HeaderLine(_pair(skin, f"{label} {spelled}", f"{count_label} {thousands}"), iso, views)
    if kind == "icons":
        tools = skin.pick("header/tools", "", '<a href="#">A-</a> <a href="#">A</a> <a href="#">A+</a>')
        line = (
            f'<i class="fa fa-calendar"></i> {spelled} {tools} <span><i class="fa fa-eye"></i> {views}</span>'
        )
        return HeaderLine(line, iso, views)
    if kind == "clock":
        suffix = skin.pick("header/clock", f"{hour:02d}:{minute:02d}", f"{hour}h{minute:02d}", "am-pm")
        if suffix == "am-pm":
            suffix = f"{(hour - 1) % 12 + 1:02d}:{minute:02d} {'SA' if hour < 12 else 'CH'}"
        order = skin.pick(
            "header/clock-order", f"{spelled} | {suffix}", f"{spelled} {suffix}", f"{suffix} {spelled}"
        )
        if skin.chance("header/clock-views", 0.6):
            return HeaderLine(f"{order}<br>\n{count_label} {thousands}", exact, views)
        return HeaderLine(order, exact, None)
    if kind == "weekday":
        return HeaderLine(f"{WEEKDAYS[day.weekday()]}, ngày {spelled} | {count_label} {views}", iso, views)
    if kind == "views-first":
        return HeaderLine(
            f"{count_label} {thousands} | Gửi lúc: {spelled} {hour:02d}:{minute:02d}:09",
            f"{exact[:17]}09+07:00",
            views,
        )
    if kind == "after":
        return HeaderLine(f"{spelled} - {thousands} lượt xem", iso, views)
    if kind == "parens":
        return HeaderLine(f"({spelled})", iso, None)
    if kind == "glued-tools":
        return HeaderLine(
            f'{spelled}&nbsp;<a href="javascript:print()">In trang</a> | <a href="#">Cỡ chữ A- A A+</a>'
            f" | {count_label} {views}",
            iso,
            views,
        )
    if kind == "worded":
        name = WEEKDAYS[day.weekday()]
        return HeaderLine(
            f"{name}, {day:%d} Tháng {day.month} {day.year} {hour:02d}:{minute:02d}", exact, None
        )
    if kind == "iso":
        return HeaderLine(f"{iso} {hour:02d}:{minute:02d}:00 | {count_label} {views}", exact, views)
    if kind == "by":
        return HeaderLine(f"Đăng bởi: Ban Biên tập | {spelled} | {count_label} {views}", iso, views)
    if kind == "updated":
        return HeaderLine(f"Cập nhật lúc {hour:02d}:{minute:02d}, {spelled}", exact, None)
    if kind == "cells":
        rows = f"<tr><td>Ngày đăng</td><td>{spelled}</td></tr><tr><td>Lượt xem</td><td>{views}</td></tr>"
        return HeaderLine(f"<table>{rows}</table>", iso, views)
    return HeaderLine("", None, None)
