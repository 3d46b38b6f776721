"""CSS and XPath expressions of site files, as XPath. Pure."""

from functools import lru_cache

from cssselect import SelectorError
from lxml import etree
from parsel.csstranslator import HTMLTranslator

#: Fields of an article that a site file may select; `text` selects the element around the body.
SELECTABLE = ("title", "published", "views", "lead", "text", "author", "organization")


@lru_cache(maxsize=256)
def as_xpath(expression: str) -> str:
    """An XPath expression as it is (it starts with `/`, `.` and `/`, or `(`), a CSS one translated.

    ValueError says what is wrong with it.
    """
    try:
        is_xpath = expression.startswith(("/", "./", "("))
        xpath = expression if is_xpath else HTMLTranslator().css_to_xpath(expression)
        etree.XPath(xpath)
    except (SelectorError, etree.XPathError) as error:
        raise ValueError(f"{expression!r} is neither CSS nor XPath: {error}") from None
    return xpath
