"""What a saved notebook holds of a page that is not served any more."""

import base64
import re
import sys
import urllib.request
import zlib
from html import unescape

import pytest
from backscope.core import RunConfig, Trainer
from backscope.server import show
from backscope.server.notebook.kept import Kept, output
from backscope.server.notebook.show import keep
from backscope.server.wire.messages import Record


def test_the_output_has_the_picture_outside_of_the_frame_and_the_recording_in_it() -> None:
    replay = '<!doctype html><p>"it\'s" & </script> &amp; 记录'
    html = output(Kept("<svg/>", replay, "step <1>"), "/proxy/1/#run=<x>", "/proxy/1/sign.svg", 500)
    picture, _, frame = html.partition("<iframe")
    assert 'alt="step &lt;1&gt;"' in picture
    assert f'src="data:image/svg+xml;base64,{base64.b64encode(b"<svg/>").decode()}"' in picture
    found = re.search('srcdoc="([^"]*)"', frame)
    assert found is not None
    chooser = unescape(found[1])
    assert '["/proxy/1/#run=\\u003cx>", "/proxy/1/sign.svg"]' in chooser
    packed = re.search('id="recording">([^<]*)<', chooser)
    assert packed is not None
    assert zlib.decompress(base64.b64decode(packed[1]), -15).decode() == replay


def test_of_what_would_take_long_to_record_there_is_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["backscope.server.notebook.show"], "_MOST_SECONDS", 0.0)
    trainer = Trainer(RunConfig.from_json({"data": {"name": "xor"}}))
    trainer.run(5)
    shown = show(trainer, browser=False)
    try:
        kept = shown.kept()
        assert kept.replay is None
        assert kept.picture is not None
        assert "step 5" in kept.words
    finally:
        shown.stop()


def test_what_would_take_long_or_cannot_be_built_is_not_recorded() -> None:
    config = RunConfig.from_json({"data": {"name": "digits"}, "network": {"hidden": [64, 64]}})
    assert keep(Record(config.to_json(), (), 10**8)) == Kept()
    assert keep(Record({**config.to_json(), "data": {"name": "forgotten"}}, (), 1)) == Kept()


def test_who_looks_finds_out_whether_it_is_served_and_nobody_can_guess_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["backscope.server.notebook.show"], "_HASTE", 1e6)
    shown = show({"data": {"name": "xor"}}, browser=False)
    try:
        assert re.search('id="recording">[^<]{1000}', unescape(shown._repr_html_())) is not None
        found = re.search(r'"(http[^"]*/sign-[\w-]{16}\.svg)"', unescape(shown._repr_html_()))
        assert found is not None
        assert found[1].startswith(shown.url.partition("#")[0])
        with urllib.request.urlopen(found[1], timeout=20) as answer:
            assert answer.headers["Content-Type"].startswith("image/svg+xml")
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    finally:
        shown.stop()
