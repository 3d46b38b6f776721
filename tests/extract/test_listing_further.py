"""Which of two addresses of one listing is further on."""

import pytest

from crawler.extract.listing_addresses import is_further

HERE = "http://dukcqtw.dcs.vn"


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/muc.aspx", "/muc.aspx?page=2"),
        ("/muc-2.aspx", "/muc-2.aspx?trang=2"),
        ("/muc-2.aspx?trang=2", "/muc-2.aspx?trang=3"),
        ("/ten-muc-c11.aspx", "/ten-muc-c11.aspx?p=2"),
        ("/muc-2", "/muc-2/trang-2"),
        ("/muc/trang-2", "/muc/trang-3"),
        ("/muc/trang-9", "/muc/trang-10"),
        ("/muc/trang-2", "/muc/trang-20"),
        ("/muc.aspx", "/muc.aspx?start=20"),
    ],
)
def test_further(here, there):
    assert is_further(HERE + here, HERE + there)
    assert not is_further(HERE + there, HERE + here)


def test_an_address_is_no_further_than_itself():
    assert not is_further(f"{HERE}/muc-2.aspx?trang=3", f"{HERE}/muc-2.aspx?trang=3")
