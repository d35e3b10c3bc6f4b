"""The page's files as a browser should keep them: asked for anew, or for good where the address holds the version."""

import re

import pytest
from starlette.testclient import TestClient
from talking import House


@pytest.fixture
def client(house: House) -> TestClient:
    return house.client


def hinted(page: str) -> list[str]:
    return re.findall(r'rel="modulepreload" href="([^"]+)"', page)


@pytest.mark.parametrize("address", ["/", "/?plain", "/index.html"])
def test_the_page_hints_at_files_that_are_there(client: TestClient, address: str) -> None:
    page = client.get(address)
    files = hinted(page.text)
    assert len(files) >= 2
    for path in (*files, *re.findall(r'<script[^>]+src="([^"]+)"', page.text)):
        found = client.get(f"/{path}")
        assert found.status_code == 200, path
        assert found.headers["content-type"].startswith("text/javascript")


def test_plain_hints_at_all_that_the_first_picture_imports_and_at_no_more(client: TestClient) -> None:
    files = hinted(client.get("/?plain").text)
    assert files[0] == "js/main.js"
    assert len(files) == len(set(files)) > 20
    for path in files:
        folder = path.rsplit("/", 1)[0]
        for name in re.findall(r"""^import (?:[^;'"]* from )?["'](\.[^"']+)["']""", client.get(f"/{path}").text, re.M):
            assert str(client.base_url.join(f"/{folder}/{name}").path)[1:] in files, f"{path} imports {name}"


def test_a_page_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    for path in ("/", "/css/page.css"):
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_what_is_kept_for_good_has_its_version_in_the_address(client: TestClient) -> None:
    (first, *_) = hinted(client.get("/").text)
    assert "immutable" in client.get(f"/{first}").headers["cache-control"]
    assert client.get("/css/page.css").headers["cache-control"] == "no-cache"
    folder, version, name = first.split("/")
    assert client.get(f"/{folder}/{version}x/{name}").status_code == 404


def test_it_is_compressed_only_for_whom_that_is_of_use(client: TestClient) -> None:
    (first, *_) = hinted(client.get("/").text)
    plain = client.get(f"/{first}", headers={"Accept-Encoding": "identity"})
    packed = client.get(f"/{first}", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text


#: What the page may need of a server until it is live: requests, and bytes as they are sent.
REQUESTS, BYTES = 20, 300_000


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_first_visit_needs_little(client: TestClient, lang: str) -> None:
    packed = {"Accept-Encoding": "gzip"}
    page = client.get("/", headers=packed)
    asked = {*re.findall(r'<(?:link|script|img)\b[^>]* (?:href|src)="([^"]+)"', page.text)}
    (folder,) = re.findall(r'<html [^>]*data-words="([^"]+)"', page.text)
    asked.add(f"{folder}/{lang}.json")
    assert {"main.js", "page.js", "page.css", f"{lang}.json"} <= {path.rpartition("/")[2] for path in asked}
    sent = [page, *(client.get(f"/{path}", headers=packed) for path in sorted(asked))]
    assert all(answer.status_code == 200 for answer in sent)
    assert len(sent) <= REQUESTS
    assert sum(int(answer.headers["content-length"]) for answer in sent) <= BYTES


@pytest.mark.parametrize("path", ["__init__.py", "js/types.d.ts", ".hidden.js", "js/none.js"])
def test_nothing_else_of_the_folder_is_served(client: TestClient, path: str) -> None:
    assert client.get(f"/{path}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "OPTIONS"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/healthz", "GET"),
        ("/upload/r1", "POST"),
        ("/lessons", "GET, HEAD"),
        ("/", "GET, HEAD"),
        ("/nowhere", "GET, HEAD"),
    ],
)
def test_what_cannot_be_done_at_an_address_is_told_with_what_can(
    house: House, method: str, path: str, allowed: str
) -> None:
    if method not in allowed:
        reply = house.client.request(method, path)
        assert reply.status_code == 405
        assert {*reply.headers["Allow"].split(", ")} == {*allowed.split(", ")}
