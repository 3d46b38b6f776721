"""The body as clean mark-up of our own: paragraphs, headings, lists, tables, pictures with captions. Pure.

Nothing of the page's mark-up is copied: every tag is written here, every text and address escaped, so a re-skin of
the portal changes no byte and no page can bring in anything but text, links and pictures.
"""

from collections.abc import Sequence
from html import escape

from crawler.extract.blocks import BOLD, ITALIC, Block, Frame, Picture, Piece
from crawler.extract.cut import tidy_pieces
from crawler.extract.paragraphs import Paragraph


def write_html(paragraphs: Sequence[Paragraph]) -> str:
    """Paragraphs of roles text, caption and picture, in order; one element per line."""
    kept = [p for p in paragraphs if p.role in ("text", "caption", "picture")]
    tables = _data_tables(kept)
    parts: list[str] = []
    at = 0
    while at < len(kept):
        paragraph = kept[at]
        table = tables.get(id(paragraph))
        end = at + 1
        if table is not None:
            while end < len(kept) and tables.get(id(kept[end])) is table:
                end += 1
            parts.append(_table(kept[at:end]))
        elif _list_of(paragraph) is not None and not paragraph.pictures:
            while end < len(kept) and _list_of(kept[end]) is _list_of(paragraph) and not kept[end].pictures:
                end += 1
            parts.append(_list(kept[at:end]))
        else:
            end = _with_caption(kept, at)
            parts += _one(kept[at:end])
        at = end
    return "\n".join(part for part in parts if part)


def _with_caption(kept: Sequence[Paragraph], at: int) -> int:
    """A caption belongs to the figure of the picture above it."""
    paragraph = kept[at]
    follows = at + 1 < len(kept) and kept[at + 1].role == "caption" and not kept[at + 1].pictures
    return at + 2 if paragraph.role == "picture" and follows and _shown(paragraph) else at + 1


def _shown(paragraph: Paragraph) -> list[Picture]:
    return [picture for picture in paragraph.pictures if picture.url and not picture.small]


def _one(group: Sequence[Paragraph]) -> list[str]:
    paragraph = group[0]
    caption = next((p.value for p in group if p.role == "caption"), "")
    pictures = _shown(paragraph)
    parts = [_figure(picture, "") for picture in pictures[:-1]]
    if pictures:
        parts.append(_figure(pictures[-1], caption))
    elif caption:
        parts.append(f"<figure><figcaption>{escape(caption)}</figcaption></figure>")
    if paragraph.role == "text" and paragraph.text:
        parts.append(_paragraph(paragraph))
    return parts


def _figure(picture: Picture, caption: str) -> str:
    image = f'<img src="{escape(picture.url or "")}" alt="{escape(picture.alt)}">'
    note = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure>{image}{note}</figure>"


def _paragraph(paragraph: Paragraph) -> str:
    level = paragraph.first.heading
    content = inline(paragraph, plain=bool(level))
    tag = f"h{min(max(level, 2), 4)}" if level else _quote_or_paragraph(paragraph)
    return f"<{tag}>{content}</{tag}>"


def _quote_or_paragraph(paragraph: Paragraph) -> str:
    return "blockquote" if paragraph.first.frame.within("blockquote") else "p"


def inline(paragraph: Paragraph, *, plain: bool = False) -> str:
    """The text of a paragraph with its links, bold and italic; exactly `paragraph.text` without the tags."""
    written: list[str] = []
    length = 0
    for line in paragraph.lines:
        if not line.text:
            continue
        if length:
            written.append(" ")
            length += 1
        for piece in tidy_pieces(line):
            text = piece.text[: max(0, len(paragraph.text) - length)]
            length += len(text)
            written.append(_piece(text, piece, plain))
    return "".join(written).strip()


def _piece(text: str, piece: Piece, plain: bool) -> str:
    core = text.strip()
    if not core:
        return " " if text else ""
    marked = escape(core, quote=False)
    if not plain:
        if piece.style & ITALIC:
            marked = f"<em>{marked}</em>"
        if piece.style & BOLD:
            marked = f"<strong>{marked}</strong>"
    url = piece.anchor.url if piece.anchor else None
    if url:
        marked = f'<a href="{escape(url)}">{marked}</a>'
    return (" " if text[0].isspace() else "") + marked + (" " if text[-1].isspace() else "")


def _list_of(paragraph: Paragraph) -> Frame | None:
    item = paragraph.first.frame.within("li")
    return item.parent if item is not None and item.parent is not None and paragraph.role == "text" else None


def _list(group: Sequence[Paragraph]) -> str:
    frame = _list_of(group[0])
    tag = "ol" if frame is not None and frame.tag == "ol" else "ul"
    return f"<{tag}>" + "".join(f"<li>{inline(paragraph)}</li>" for paragraph in group) + f"</{tag}>"


def _data_tables(kept: Sequence[Paragraph]) -> dict[int, Frame]:
    """Paragraphs that stand in a table of data: two rows and two columns with text at least, no prose cells."""
    cells: dict[Frame, list[Paragraph]] = {}
    for paragraph in kept:
        table = paragraph.first.frame.within("table")
        if table is not None and paragraph.role == "text":
            cells.setdefault(table, []).append(paragraph)
    found: dict[int, Frame] = {}
    for table, members in cells.items():
        rows = {id(_row(p.first)) for p in members}
        filled = {id(_cell(p.first)) for p in members}
        if len(rows) >= 2 and len(filled) >= 2 * len(rows) - 1 and len(filled) > len(rows):
            found.update((id(paragraph), table) for paragraph in members)
    return found


def _row(line: Block) -> Frame | None:
    return line.frame.within("tr")


def _cell(line: Block) -> Frame | None:
    return next((frame for frame in line.frame.lineage() if frame.tag in ("td", "th")), None)


def _table(group: Sequence[Paragraph]) -> str:
    rows: dict[int, dict[int, list[Paragraph]]] = {}
    heads: set[int] = set()
    for paragraph in group:
        cell = _cell(paragraph.first)
        rows.setdefault(id(_row(paragraph.first)), {}).setdefault(id(cell), []).append(paragraph)
        if cell is not None and cell.tag == "th":
            heads.add(id(cell))
    written = [
        "<tr>" + "".join(_cell_html(cells[key], head=key in heads) for key in cells) + "</tr>"
        for cells in rows.values()
    ]
    return "<table>" + "".join(written) + "</table>"


def _cell_html(members: Sequence[Paragraph], *, head: bool) -> str:
    tag = "th" if head else "td"
    content = "<br>".join(inline(paragraph, plain=head) for paragraph in members)
    return f"<{tag}>{content}</{tag}>"
