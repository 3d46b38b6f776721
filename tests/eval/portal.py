"""A whole portal in one skin: every address it answers, and the bytes behind it. No network, no clock."""

from dataclasses import dataclass, field
from math import ceil

from fixtures.portal import PortalArticle
from fixtures.portal.addresses import slug
from tests.eval.article import article_html
from tests.eval.chrome import PLAIN_PAGES, page
from tests.eval.coding import CODINGS, coding, encode
from tests.eval.dice import Dice
from tests.eval.listing import ListingPage, address, home_html, listing_html
from tests.eval.markup import esc
from tests.eval.texts import SECTIONS


def section_addresses(skin: Dice) -> dict[str, tuple[str, str]]:
    """Section id -> (title, address), in one of the schemes that portals use."""
    form = skin.pick("sections", "code", "code", "plain", "number", "folder", "query", "slash", "tab")
    found = {}
    for k, (key, (title, _)) in enumerate(SECTIONS.items(), 1):
        found[key] = (
            title,
            {
                "code": f"/{slug(title)}-c{10 + k}.aspx",
                "plain": f"/{slug(title)}.aspx",
                "number": f"/muc-{k}.aspx",
                "folder": f"/chuyen-muc/{slug(title)}",
                "query": f"/danh-muc.aspx?cid={10 + k}",
                "slash": f"/{slug(title)}/",
                "tab": f"/default.aspx?tabid={200 + k}&language=vi-VN",
            }[form],
        )
    return found


@dataclass
class SkinPortal:
    """Pages by path and query; a path that is not here is a 404."""

    skin: Dice
    articles: list[PortalArticle]
    sections: dict[str, tuple[str, str]] = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.sections = section_addresses(self.skin)
        self.size = self.skin.number("listing/size", 6, 20)
        self._charset = CODINGS[coding(self.skin)]

    def listings(self) -> dict[str, ListingPage]:
        """Address -> the page of a section that stands there."""
        found = {}
        for key, section in self.sections.items():
            own = [article for article in self.articles if key in article.sections]
            count = max(1, ceil(len(own) / self.size))
            for number in range(1, count + 1):
                items = own[(number - 1) * self.size : number * self.size]
                found[address(self.skin, section[1], number)] = ListingPage(section, items, number, count)
        return found

    def listing(self, shown: ListingPage) -> bytes:
        """The bytes of a listing."""
        menu = list(self.sections.values())
        text = listing_html(self.skin, shown, self.articles, menu, self._charset, self.size)
        return encode(coding(self.skin), text)

    def home(self) -> bytes:
        """The bytes of the front page."""
        return encode(coding(self.skin), home_html(self.skin, self.articles, self.sections, self._charset))

    def article(self, article: PortalArticle) -> bytes:
        """The bytes of an article's page."""
        menu, section = list(self.sections.values()), self.sections[article.sections[0]]
        text = article_html(self.skin, article, self.articles, menu, section, self._charset)
        return encode(coding(self.skin), text)

    def pages(self) -> dict[str, bytes]:
        """Every address with its bytes."""
        found = {"/": self.home()}
        for url, title in PLAIN_PAGES:
            text = f"<h1>{esc(title)}</h1><p>Nội dung đang được cập nhật.</p>"
            menu = list(self.sections.values())
            found[url] = encode(
                coding(self.skin), page(self.skin, title, "", text, menu, self.articles, self._charset)
            )
        found |= {url: self.listing(shown) for url, shown in self.listings().items()}
        return found | {article.path: self.article(article) for article in self.articles}
