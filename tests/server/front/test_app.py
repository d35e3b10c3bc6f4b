"""Pages, headers, and who is let in."""

import os
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from backscope.server.front.app import create_app
from backscope.server.wire.settings import Settings
from starlette.websockets import WebSocketDisconnect
from talking import House, client_of, housed

STATIC = Path(__file__).parents[3] / "static"


def test_the_page_comes_with_headers_that_keep_strangers_out(house: House) -> None:
    response = house.client.get("/")
    assert response.status_code == 200
    plain = house.client.get("/?plain").text
    assert re.sub(" *<link rel=.modulepreload.*\n", "", plain) == (STATIC / "index.html").read_text("utf-8")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_own_files_are_asked_for_every_time_and_sent_once(house: House) -> None:
    first = house.client.get("/js/main.js")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-type"].startswith("text/javascript")
    again = house.client.get("/js/main.js", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["cache-control"] == "no-cache"
    assert first.content == (STATIC / "js" / "main.js").read_bytes()
    assert dict(house.client.head("/js/main.js").headers) == dict(first.headers)
    assert house.client.post("/js/main.js").status_code == 405


def test_every_module_and_style_of_the_page_has_a_type_that_browsers_accept(house: House) -> None:
    types = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
    for path in (STATIC).rglob("*"):
        if path.suffix in types:
            response = house.client.get("/" + path.relative_to(STATIC).as_posix())
            assert response.status_code == 200, path
            assert response.headers["content-type"].startswith(types[path.suffix]), path


@pytest.mark.parametrize(
    "path",
    [
        "/__init__.py",
        "/js/types.d.ts",
        "/nothing.js",
        "/..%2fserver%2fapp.py",
        "/js/",
        "/docs",
        "/openapi.json",
        f"/{'x' * 300}.js",
        "/%00.js",
    ],
)
def test_what_is_not_of_the_page_is_not_served(house: House, path: str) -> None:
    response = house.client.get(path)
    assert response.status_code == 404
    assert "content-security-policy" in response.headers


def test_plotly_is_served_compressed_and_kept_for_long(house: House) -> None:
    spec = find_spec("plotly")
    assert spec is not None
    assert spec.origin is not None
    bundle = (Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes()
    response = house.client.get("/plotly.min.js", headers={"accept-encoding": "gzip"})
    assert response.content == bundle
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(bundle) / 2.5
    assert "immutable" in response.headers["cache-control"]
    plain = house.client.get("/plotly.min.js", headers={"accept-encoding": "identity"})
    assert plain.content == bundle
    assert "content-encoding" not in plain.headers
    again = house.client.get("/plotly.min.js", headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304


def test_health_is_told_in_numbers(house: House) -> None:
    response = house.client.get("/healthz")
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {"status": "ok", "version": "0.1.0", "sessions": 0, "trainers": 1}
    with house.enter():
        assert house.client.get("/healthz").json()["sessions"] == 1


def test_a_page_under_a_strangers_name_gets_nothing(house: House) -> None:
    assert house.client.get("/", headers={"host": "evil.example"}).status_code == 400
    with pytest.raises(WebSocketDisconnect), house.visit(host="evil.example"):
        pass


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:81", "null", "http://localhost.evil.example", "http://["]
)
def test_a_socket_from_a_page_of_another_origin_is_refused(house: House, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect), house.visit(origin=origin):
        pass


@pytest.mark.parametrize("origin", ["http://localhost", "https://localhost"])
def test_a_socket_from_our_own_page_is_let_in(house: House, origin: str) -> None:
    with house.visit(origin=origin) as talk:
        assert talk.hello()["ok"]


@pytest.mark.parametrize("session", ["a b", "x" * 65, "a.b", "ä"])
def test_a_session_has_a_plain_name(house: House, session: str) -> None:
    with pytest.raises(WebSocketDisconnect), house.visit(session):
        pass


def test_other_addresses_ask_for_the_token() -> None:
    with housed(Settings(local=False, token="right")) as house:
        assert house.client.get("/", headers={"host": "teacher.example"}).status_code == 200
        with house.visit() as talk:
            for token in ({}, {"token": ""}, {"token": "wrong"}, {"token": "rïght"}):
                reply = talk.ask("hello", secret="x" * 16, **token)
                assert (reply["ok"], reply["code"]) == (False, "token_wrong" if token else "token_required")
            assert talk.ask("play")["code"] == "hello_first"
            assert talk.ask("hello", secret="x" * 16, token="right")["ok"]


def test_with_a_token_no_route_does_anything_for_who_knows_no_secret() -> None:
    with housed(Settings(local=False, token="right")) as house:
        routes = house.client.app.routes  # type: ignore[attr-defined]
        posts = [route.path for route in routes if "POST" in (getattr(route, "methods", None) or ())]
        assert {"/upload/{session}", "/stream/{session}"} <= set(posts)
        for path in posts:
            if path.startswith("/stream"):  # stands in for a socket, which says hello
                continue
            reply = house.client.post(path.replace("{session}", "r1"), content=b"x,y\n1,2\n")
            assert reply.status_code in (400, 403), path
            assert not reply.json()["ok"]
        assert house.client.get("/healthz").json()["sessions"] == 0


def test_a_proxy_that_nobody_named_lets_nobody_in(house: House) -> None:
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert "--proxy" in house.client.get("/", headers={name: "10.0.0.1"}).text
        with pytest.raises(WebSocketDisconnect), house.visit(**{name: "10.0.0.1"}):
            pass


def test_nothing_is_changed_by_the_page_of_another_origin(house: House) -> None:
    reply = house.client.post("/upload/r1", content=b"1", headers={"origin": "http://evil.example"})
    assert (reply.status_code, reply.text) == (400, "a page of another origin may not connect")


def test_an_origin_and_a_frame_can_be_allowed() -> None:
    settings = Settings(origins=("https://school.example",), frames=("https://a.example", "https://b.example:8443"))
    with housed(settings) as house:
        policy = house.client.get("/").headers["content-security-policy"]
        assert policy.endswith("frame-ancestors https://a.example https://b.example:8443")
        with house.visit(origin="https://School.example") as talk:
            assert talk.hello()["ok"]
        for origin in ("http://school.example", "https://school.example.evil.example", "https://a.example"):
            with pytest.raises(WebSocketDisconnect), house.visit(origin=origin):
                pass


@pytest.mark.parametrize("cut", [False, True])
def test_a_page_below_a_path_is_served_whether_or_not_the_proxy_cuts_that_off(cut: bool) -> None:
    with housed(Settings(root_path="/lab/one", local=False, token="right")) as house:
        base = "" if cut else "/lab/one"
        page = house.client.get(f"{base}/")
        assert page.status_code == 200
        assert not re.search(r'(?:href|src)="/', page.text)
        for name in re.findall(r'(?:href|src)="([^"#:]+)"', page.text):
            assert house.client.get(f"{base}/{name}").status_code == 200, name
        assert house.client.get(f"{base}/healthz").json()["status"] == "ok"
        with house.client.websocket_connect(f"ws://localhost{base}/ws/r1") as socket:
            socket.send_text('{"op": "ping"}')
            assert "pong" in socket.receive_text()
        moved = house.client.get("/lab/one?lang=zh", follow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (307, "one/?lang=zh")
        assert house.client.get("/lab/other/").status_code == 404


def test_no_address_in_the_page_begins_at_the_root() -> None:
    """The page may lie below a path: what it asks for, it asks for from where it stands."""
    for path in STATIC.rglob("*.*"):
        if path.suffix in (".js", ".css", ".html"):
            found = re.findall(r"""(?:fetch\(|URL\(|url\(|src=|href=)\s*["'`]/[^"'`]*""", path.read_text("utf-8"))
            assert not found, f"{path.name}: {found}"


def test_an_application_can_be_made_twice() -> None:
    for _ in range(2):
        with client_of(create_app()) as client:
            assert client.get("/healthz").json()["status"] == "ok"


def test_the_page_hints_at_what_it_needs_first_and_is_kept_while_it_is_the_same(house: House) -> None:
    page = house.client.get("/?plain")
    hinted = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page.text)
    assert hinted[0] == "js/main.js"
    assert hinted.index("js/wire/socket.js") < hinted.index("js/page.js")
    assert len(set(hinted)) == len(hinted) > 50
    assert {"js/views/network/network.js", "js/views/network/edges.js", "js/draw/format.js"} <= set(hinted)
    opened_later = {"laboratory/laboratory", "inspector/tree", "surface/plotly"}
    assert not {f"js/views/{name}.js" for name in opened_later} & set(hinted)
    for name in hinted:
        module = house.client.get(f"/{name}")
        assert module.status_code == 200
        for imported in re.findall(r'(?m)^import .* from "(.+)";$', module.text):
            assert os.path.normpath(f"{os.path.dirname(name)}/{imported}") in hinted, f"{name} waits for {imported}"
    for address in ("/", "/?plain"):
        page = house.client.get(address)
        again = house.client.get(address, headers={"If-None-Match": page.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert house.client.get("/index.html").text == house.client.get("/").text
