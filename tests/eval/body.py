"""Lead, paragraphs, captions, pictures, signature and attachments of an article in the manner of a skin."""

import textwrap

from fixtures.portal import PortalArticle
from fixtures.portal.model import CAPTION, file_path
from tests.eval.dice import Dice
from tests.eval.markup import esc, noise

#: How the text is laid out; `br` forms have no `<p>`.
BODIES = ("p", "p", "p", "p-styled", "div", "word", "word", "br", "br-font", "p-font", "span-br")


#: What Word leaves at the head of a pasted text.
_WORD_HEAD = (
    "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->"
    "<style>p.MsoNormal {mso-style-parent:''; margin:0in}</style>"
)


def _is_br(skin: Dice) -> bool:
    return body_form(skin) in {"br", "br-font", "span-br"}


def body_form(skin: Dice) -> str:
    """How this skin lays out text."""
    return skin.pick("body", *BODIES)


def _broken(skin: Dice, text: str) -> str:
    """Escaped text, hard-wrapped in some skins, `\\n` as `<br>`."""
    lines = text.split("\n")
    if skin.chance("body/hard-wrap", 0.2):
        lines = [textwrap.fill(line, 70, break_long_words=False, break_on_hyphens=False) for line in lines]
    return "<br>".join(esc(line) for line in lines)


def paragraph(skin: Dice, inner: str, style: str = "") -> str:
    """One paragraph around ready mark-up; `br` forms end it with two line breaks."""
    form = body_form(skin)
    if form == "p":
        return f"<p{style}>{inner}</p>\n"
    if form == "p-styled":
        return (
            f"<p{style or ' style=' + chr(34) + 'text-align: justify;' + chr(34)}><span>{inner}</span></p>\n"
        )
    if form == "p-font":
        return f'<p{style or " align=justify"}><font face="Times New Roman" size="3">{inner}</font></p>\n'
    if form == "div":
        return f"<div{style}>{inner}</div>\n" + (
            "<div>&nbsp;</div>\n" if skin.chance("body/gaps", 0.5) else ""
        )
    if form == "word":
        run = f'<span style="font-size:14.0pt;mso-ansi-language:VI" lang="VI">{inner}<o:p></o:p></span>'
        empty = '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>\n' if skin.chance("body/empty", 0.4) else ""
        return f'<p class="MsoNormal"{style}>{run}</p>\n{empty}'
    wrapped = f'<span style="font-family: Arial">{inner}</span>' if form == "span-br" else inner
    if form == "br" and skin.chance("body/single-br", 0.25):
        return f"{wrapped}<br>\n"
    return f"{wrapped}{skin.pick('body/br', '<br><br>', '<br /><br />', '<br>&nbsp;<br>', '<BR><BR>')}\n"


def lead_html(skin: Dice, article: PortalArticle) -> str:
    """The lead as its own block or as the first paragraph."""
    if article.lead is None:
        return ""
    text = _broken(skin, article.lead)
    kind = skin.pick("lead", "plain", "plain", "bold", "strong-p", "own-div", "h2", "italic", "h3", "own-p")
    if kind in {"bold", "strong-p"}:
        tag = "b" if kind == "bold" else "strong"
        return paragraph(skin, f"<{tag}>{text}</{tag}>")
    if kind == "italic":
        return paragraph(skin, f"<em>{text}</em>")
    if kind == "own-div":
        return f'<div class="{skin.pick("lead/class", "sapo", "mota", "c-17", "tomtat")}">{text}</div>\n'
    if kind in {"h2", "h3"}:
        return f'<{kind} class="sapo">{text}</{kind}>\n'
    if kind == "own-p":
        return f'<p class="desc"><strong>{text}</strong></p>\n'
    return paragraph(skin, text)


def _picture(skin: Dice, article: PortalArticle, number: int, alt: str) -> str:
    source = article.picture(number)
    if skin.chance("picture/absolute", 0.3):
        source = f"http://dukcqtw.dcs.vn{source}"
    size = skin.pick("picture/size", "", ' width="500"', ' style="width:480px;height:320px"')
    lazy = skin.pick("picture/lazy", *["no"] * 5, "data-src", "data-original")
    if lazy == "no":
        return f'<img src="{source}" alt="{alt}"{size}>'
    blank = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    return f'<img class="lazy" src="{blank}" {lazy}="{source}" alt="{alt}"{size}>'


def caption_html(skin: Dice, article: PortalArticle, number: int, caption: str) -> str:
    """The n-th picture (unless the article prints none) with its caption."""
    text = _broken(skin, caption)
    word = skin.pick("caption/word", "Ảnh: ", "Ảnh: ", "")
    kind = skin.pick("caption", "figure", "table", "table", "italic", "own", "own", "same-p", "centered")
    if article.pictureless:
        return paragraph(skin, f"Ảnh: {text}")
    picture = _picture(skin, article, number, skin.pick("picture/alt", "", "", "anh", "title"))
    if word == "" and kind in {"own", "same-p"}:
        word = "Ảnh: "  # a bare paragraph below a picture is told from text by nothing else
    if kind == "figure":
        return f"<figure>{picture}<figcaption>{word}{text}</figcaption></figure>\n"
    if kind == "table":
        tail = "<br>" if skin.chance("caption/br", 0.2) else ""
        cell, table = (
            skin.pick("caption/td", "pCaption", "k2", ""),
            skin.pick("caption/table", "tplCaption", "t1", ""),
        )
        rows = f'<tr><td>{picture}</td></tr><tr><td class="{cell}">{word}{text}{tail}</td></tr>'
        return f'<table class="{table}" align="center"><tbody>{rows}</tbody></table>\n'
    if kind == "italic":
        return paragraph(skin, picture) + paragraph(skin, f"<i>{word}{text}</i>")
    if kind == "centered":
        center = ' style="text-align: center;"'
        return paragraph(skin, picture, center) + paragraph(skin, f"<em>{word}{text}</em>", center)
    if kind == "same-p":
        return paragraph(skin, f"{picture}<br>{word}{text}")
    return paragraph(skin, picture) + paragraph(skin, f"{word}{text}")


def signature_html(skin: Dice, article: PortalArticle) -> str:
    """The person or body that signs, the label of two authors included."""
    signer = article.author or article.organization
    if signer is None:
        return ""
    text = esc(f"Tin, ảnh: {signer}" if article.author and " - " in article.author else signer)
    if article.author and " - " not in article.author and skin.chance("signature/label", 0.12):
        text = f"Tác giả: {text}"
    kind = skin.pick("signature", "right", "right-bold", "bold", "bare", "bare", "table", "div", "right-em")
    right = ' style="text-align: right;"'
    if kind == "right":
        return paragraph(skin, text, right) if not _is_br(skin) else f'<div align="right">{text}</div>\n'
    if kind in {"right-bold", "right-em"}:
        tag = "strong" if kind == "right-bold" else "em"
        return f"<p{right}><{tag}>{text}</{tag}></p>\n"
    if kind == "bold":
        return paragraph(skin, f"<b>{text}</b>")
    if kind == "table":
        return f'<table width="100%"><tr><td>&nbsp;</td><td align="right"><b>{text}</b></td></tr></table>\n'
    if kind == "div":
        return f"<div{noise(skin, 'author')}>{text}</div>\n"
    return paragraph(skin, text)


def attachments_html(skin: Dice, article: PortalArticle) -> str:
    """Files to download, in the body's foot."""
    if not article.attachments:
        return ""
    label = skin.pick("files/label", "Tệp đính kèm:", "File đính kèm:", "Tài liệu đính kèm:", "Tải về:", "")
    kind = skin.pick("files", "lines", "lines", "list", "rows", "inline", "icons", "onclick")
    links = [
        f'<a href="{file_path(file)}"{skin.pick("files/target", "", " target=_blank")}>{esc(file.title)}</a>'
        for file in article.attachments
    ]
    if kind == "onclick":
        links = [
            f"""<a href="javascript:void(0)" onclick="downloadFile('{file_path(file)}')">{esc(file.title)}</a>"""
            for file in article.attachments
        ]
        return f"<div>{label} {'<br>'.join(links)}</div>\n"
    if kind == "list":
        return f"<div>{label}</div><ul>" + "".join(f"<li>{link}</li>" for link in links) + "</ul>\n"
    if kind == "rows":
        rows = "".join(f"<tr><td>{k}</td><td>{link}</td></tr>" for k, link in enumerate(links, 1))
        return f'<table border="1"><tr><td>STT</td><td>{label or "Tệp"}</td></tr>{rows}</table>\n'
    if kind == "inline":
        return f"<p>{label} {'; '.join(links)}</p>\n"
    if kind == "icons":
        return "".join(f'<div><img src="/images/pdf.gif" alt=""> {link}</div>\n' for link in links)
    return paragraph(skin, label) * bool(label) + "".join(paragraph(skin, link) for link in links)


def body_html(skin: Dice, article: PortalArticle, inside: str = "") -> str:
    """Everything between header and what follows the article; `inside` stands among the paragraphs."""
    parts, pictures = [lead_html(skin, article)], 0
    if article.lead and skin.chance("lead/repeated", 0.06):
        parts.append(paragraph(skin, _broken(skin, article.lead)))
    apart = skin.chance("body/apart", 0.5)
    for text in article.body:
        if text.startswith(CAPTION):
            parts.append(caption_html(skin, article, pictures, text.removeprefix(CAPTION)))
            pictures += 1
        else:
            parts.append(paragraph(skin, _broken(skin, text)))
    if len(parts) > 3:
        parts.insert(skin.pick("inside/at", 1, 2), inside)
    tail = [signature_html(skin, article), attachments_html(skin, article)]
    if skin.chance("files/first", 0.15):
        tail.reverse()
    inner = "".join([*parts[1:], *tail])
    if body_form(skin) == "word" and skin.chance("body/word-head", 0.5):
        inner = f"{_WORD_HEAD}{inner}"
    attributes = noise(skin, "content")
    if apart:
        return f"{parts[0]}<div{attributes}>{inner}</div>\n"
    return f"<div{attributes}>{parts[0]}{inner}</div>\n"
