"""Behind nginx: one server with HTTPS, as `docs/deploy/nginx.conf` has it, and two, as `docs/scaling.md` has them."""

import os
import re
import shutil
import socket
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

DOCS = Path(__file__).parents[3] / "docs"
CONFIG = DOCS / "deploy" / "nginx.conf"
PORT = 8949

pytestmark = [pytest.mark.long, pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")]


def documented(folder: Path, target: int) -> str:
    """Return the documented file: only its port, its target and its certificate are others."""
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
    return text


def documented_for_two(targets: list[int]) -> str:
    """Return what is documented for two servers under one name, in a server without HTTPS."""
    found = re.search(
        r"^  location /a/.*?(?=^  ```)", (DOCS / "scaling.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found is not None
    text = found[0]
    for number, target in enumerate(targets, 1):
        assert f"10.0.0.{number}:8765" in text
        text = text.replace(f"10.0.0.{number}:8765", f"127.0.0.1:{target}")
    one = CONFIG.read_text("utf-8")
    headers = re.findall(r"^ +(?:proxy_(?!pass)|client_)[^\n]*", one, re.MULTILINE)
    text = text.replace("include backscope_proxy.conf;", "\n".join([*headers, ""]))
    return f"{one[: one.index('server {')]}server {{ listen 127.0.0.1:{PORT};\n{text}}}"


@contextmanager
def nginx(folder: Path, text: str) -> Iterator[None]:
    """Run nginx with these servers."""
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
    with started(*options) as command, nginx(tmp_path, documented(tmp_path, command.port)):
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


@contextmanager
def redis() -> Iterator[str]:
    """Run Redis, and return its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_two_servers_under_one_name_lead_a_class_to_the_one_that_has_its_room(tmp_path: Path) -> None:
    name, own = f"http://127.0.0.1:{PORT}", {"origin": f"http://127.0.0.1:{PORT}"}

    def options(path: str, url: str) -> list[str]:
        shared = ["--trainers", "0", "--proxy", "127.0.0.1", "--redis", url]
        return [*shared, "--root-path", path, "--address", f"{name}{path}"]

    @contextmanager
    def visit(page: str, session: str) -> Iterator[Talk]:
        url = f"{page}/ws/{session}".replace("http", "ws", 1)
        with connect(url, max_size=None, compression=None, **own) as line:  # type: ignore[arg-type]
            yield Talk(line.send, lambda: line.recv(timeout=20))

    with (
        redis() as url,
        started(*options("/a", url)) as a,
        started(*options("/b", url)) as b,
        nginx(tmp_path, documented_for_two([a.port, b.port])),
    ):
        for _ in range(100):
            try:
                first = httpx.get(f"{name}/")
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        assert first.status_code == 302
        assert httpx.get(f"{name}/", follow_redirects=True).status_code == 200
        with visit(f"{name}/b", "lesson") as teacher:
            teacher.hello(token=b.token)
            code = teacher.do("room_open")["code"]
            join = {"code": code, "name": "Ada", "secret": "the browser of Ada".ljust(30, "."), "version": 1}
            deadline = time.monotonic() + 30
            while True:
                with visit(f"{name}/a", "room") as ada:
                    reply = ada.ask("join", **join)
                if reply["code"] == "elsewhere" or time.monotonic() > deadline:
                    break
                time.sleep(0.2)  # the directory has not been told yet
            assert (reply["code"], reply["params"]["address"]) == ("elsewhere", f"{name}/b")
            assert httpx.get(reply["params"]["address"] + "/").status_code == 200
            with visit(reply["params"]["address"], "room") as ada:
                ada.do("join", **join)
                teacher.do("step", count=5)
                assert ada.at(5)
                assert ada.kind("room")["code"] == code
