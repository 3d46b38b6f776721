"""Small pieces of mark-up: escaping, noise in attributes, columns and boxes in the manner of a layout."""

import html

from tests.eval.dice import Dice

LAYOUTS = ("table", "webforms", "soup", "html5", "bootstrap", "font")


def esc(text: str) -> str:
    """Text for element content; quotes stay as they are."""
    return html.escape(text, quote=False)


def layout(skin: Dice) -> str:
    """The school of mark-up that a skin belongs to."""
    return skin.pick("layout", *LAYOUTS)


def noise(skin: Dice, name: str) -> str:
    """Attributes that mean nothing: generated ids, utility classes, inline styles."""
    number = skin.number(f"noise/{name}", 1, 99)
    forms = {
        "table": (f' class="c{number}"', "", f' style="padding:{number % 9}px"', ' valign="top"'),
        "webforms": (
            f' id="ctl00_ctl{number:02d}_{name.title()}"',
            f' id="dnn_ctr{number}_pnl" class="Normal"',
        ),
        "soup": (f' class="x{number}"', "", f' id="b-{number}"'),
        "html5": (f' class="css-{number}a"', f' data-v-{number}=""', ""),
        "bootstrap": (
            f' class="col-md-{number % 12 + 1} mb-{number % 5}"',
            ' class="row"',
            f' class="el-{number}"',
        ),
        "font": ("", f' style="font-size:{number % 6 + 10}pt"', ' align="left"'),
    }
    return skin.pick(f"noise-form/{name}", *forms[layout(skin)])


def box(skin: Dice, name: str, content: str) -> str:
    """A part of the page as the skin's layout frames it."""
    attributes = noise(skin, name)
    school = layout(skin)
    if school in {"table", "font"}:
        cell = f"<tr><td{attributes}>\n{content}\n</td></tr>"
        return f'<table width="100%" cellpadding="0" cellspacing="0" border="0">{cell}</table>\n'
    if school == "html5" and skin.chance(f"semantic/{name}", 0.6):
        tag = {"side": "aside", "menu": "nav", "top": "header", "foot": "footer"}.get(name, "section")
        return f"<{tag}{attributes}>{content}</{tag}>\n"
    if school == "webforms" and skin.chance(f"span/{name}", 0.2):
        return f"<span{attributes}><div>{content}</div></span>\n"
    return f"<div{attributes}>\n{content}\n</div>\n"


def columns(skin: Dice, left: str, middle: str, right: str) -> str:
    """Side columns around the main one; an empty column is left out."""
    parts = [part for part in (left, middle, right) if part]
    if layout(skin) in {"table", "font"} or skin.chance("columns/table", 0.1):
        cells = "".join(
            f'<td valign="top"{noise(skin, f"col{k}")}>{part}</td>' for k, part in enumerate(parts)
        )
        return f'<table width="980" align="center"><tbody><tr>{cells}</tr></tbody></table>\n'
    cells = "".join(f"<div{noise(skin, f'col{k}')}>{part}</div>\n" for k, part in enumerate(parts))
    return f"<div{noise(skin, 'columns')}>{cells}</div>\n"


def heading(skin: Dice, name: str, text: str, *tags: str) -> str:
    """A heading in the form that this skin gives to headings of that name."""
    tag = skin.pick(f"heading/{name}", *tags)
    if tag == "b":
        return f"<div><b>{text}</b></div>\n"
    if tag in {"td", "th"}:
        return f'<table width="100%"><tr><{tag} class="tieu-de">{text}</{tag}></tr></table>\n'
    if tag == "legend":
        return f"<fieldset><legend>{text}</legend></fieldset>\n"
    return f"<{tag}{noise(skin, name)}>{text}</{tag}>\n"
