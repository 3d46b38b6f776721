"""Every kept capture read again by the rules of today, beside what was read from it then. No network, no scrapy."""

from crawler.reextract.report import Difference, Reextraction
from crawler.reextract.run import NoSuchCaptureError, reextract

__all__ = ["Difference", "NoSuchCaptureError", "Reextraction", "reextract"]
