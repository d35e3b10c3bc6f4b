"""The QR code of an address holds that address, as a camera reads it."""

import re

import pytest
import segno
from backscope.server.front.pictures import code_picture


@pytest.mark.parametrize(
    "address", ["http://192.168.1.20:8765/join#K4MP3C", "https://school.example/backscope/join#AAAAAA"]
)
def test_the_picture_is_the_code_of_the_address_with_its_quiet_zone(address: str) -> None:
    svg = code_picture(address)
    side = segno.make(address, error="m", micro=False, boost_error=False).symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in svg
    assert "script" not in svg
    assert re.match(r"<svg [^>]*xmlns=", svg)
    assert svg.count("<path") == 2  # a light ground and the dark modules
