"""Behind nginx, with HTTPS, as `docs/deploy/nginx.conf` has it."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from talking import SECRET, Talk, started
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

CONFIG = Path(__file__).parents[3] / "docs" / "deploy" / "nginx.conf"
PORT = 8949

pytestmark = [pytest.mark.long, pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")]


@contextmanager
def nginx(folder: Path, target: int) -> Iterator[None]:
    """Run nginx with the documented file: only its port, its target and its certificate are others."""
    pem, key = folder / "cert.pem", folder / "cert.key"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-keyout", key, "-out", pem], check=True, capture_output=True)
    text = CONFIG.read_text("utf-8")
    for old, new in (
        ("listen 443", f"listen 127.0.0.1:{PORT}"),
        ("/etc/ssl/certs/school.example.pem", str(pem)),
        ("/etc/ssl/private/school.example.key", str(key)),
        ("127.0.0.1:8765", f"127.0.0.1:{target}"),
    ):
        assert old in text
        text = text.replace(old, new)
    places = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # another one could not write where the test does
    head = f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
    (folder / "all.conf").write_text(f"{head}\nhttp {{ access_log {folder}/access.log; {places}\n{text}\n}}\n")
    process = subprocess.Popen([shutil.which("nginx") or "", "-e", folder / "error.log", "-c", folder / "all.conf"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def test_pages_sockets_streams_uploads_and_addresses_go_through(tmp_path: Path) -> None:
    options = ("--trainers", "0", "--root-path", "/backscope", "--proxy", "127.0.0.1")
    with started(*options) as command, nginx(tmp_path, command.port):
        trust = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        base = f"https://127.0.0.1:{PORT}/backscope"
        http = httpx.Client(verify=trust, timeout=20)
        for _ in range(100):
            try:
                page = http.get(f"{base}/")
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        assert page.status_code == 200
        assert http.get(base).headers["location"].endswith("/backscope/") or http.get(base).status_code == 307
        assert http.get(f"{base}/css/theme.css").status_code == 200

        url = f"wss://127.0.0.1:{PORT}/backscope/ws/r1"
        own, foreign = f"https://127.0.0.1:{PORT}", "https://evil.example"
        with pytest.raises(InvalidStatus):
            connect(url, ssl=trust, origin=foreign)  # type: ignore[arg-type]
        with connect(url, ssl=trust, origin=own, max_size=None) as socket:  # type: ignore[arg-type]
            talk = Talk(socket.send, lambda: socket.recv(timeout=20))
            assert talk.ask("hello", secret=SECRET)["code"] == "token_required"
            talk.hello(token=command.token)
            talk.do("step", count=5)
            assert talk.at(5)
            header = {"x-backscope-secret": SECRET}
            content = b"a,b,answer\n" + b"1.5,2.5,yes\n2.5,1.5,no\n" * 200_000
            assert http.post(f"{base}/upload/r1", content=content, headers=header).status_code in (200, 422)
            assert http.post(f"{base}/upload/r1", content=content, headers={"origin": foreign}).status_code == 400

        with http.stream("POST", f"{base}/stream/r1") as response:
            begin = time.monotonic()
            first = next(response.iter_bytes())
            assert b"channel" in first
            assert time.monotonic() - begin < 5, "the proxy keeps back what should come at once"
        for told in (tmp_path / "access.log", tmp_path / "error.log"):
            text = told.read_text() if told.exists() else ""
            assert command.token is not None
            assert command.token not in text
            assert SECRET not in text
        assert os.path.getsize(tmp_path / "access.log")
