"""What changed between two versions of an article, by paragraphs and words. Pure: values in, values out."""

from crawler.compare.articles import Change, Shown, compare, same
from crawler.compare.paragraphs import Hunk, hunks
from crawler.compare.words import Piece, words

__all__ = ["Change", "Hunk", "Piece", "Shown", "compare", "hunks", "same", "words"]
