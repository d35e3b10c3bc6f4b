"""The page behind a proxy, below a path: who is let in, and what happens where no socket gets through."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from driver import Backscope, Tab
from proxy import Proxy


@pytest.fixture(scope="module")
def behind() -> Iterator[tuple[Backscope, Proxy]]:
    server = Backscope(options=("--root-path", "/lab", "--proxy", "127.0.0.1")).start()
    proxy = Proxy(server.port)
    yield server, proxy
    proxy.close()
    server.stop()


def notice(tab: Tab, words: str) -> None:
    tab.page.wait_for_function(
        "words => document.querySelector('[data-part=notices]')?.textContent.includes(words)", arg=words
    )


def test_who_comes_through_a_proxy_shows_the_token_once_and_goes_on_where_sockets_are_blocked(
    tab: Tab, behind: tuple[Backscope, Proxy]
) -> None:
    server, proxy = behind
    page, address = tab.page, f"http://127.0.0.1:{proxy.port}/lab/?lang=en"
    page.goto(address)
    notice(tab, "only those who have its full link")
    page.goto(f"{address}#token=not-the-one-that-was-printed")
    notice(tab, "not that of this Backscope")
    page.goto(f"{address}#token={server.token}")
    tab.wait_ready()
    page.wait_for_function("!location.href.includes('token')")
    assert server.token is not None
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage, history.state, document.referrer])")
    assert server.token not in kept
    page.reload()
    tab.wait_ready()

    proxy.block()
    notice(tab, "lets no WebSocket through")
    tab.wait_ready()
    tab.click("step")
    tab.until(lambda: tab.step() == 1)
    tab.play()
    tab.until(lambda: tab.step() > 20)
    tab.pause()
    assert proxy.refused >= 2

    # A room whose teacher and student have no sockets: joined, followed, answered, copied.
    tab.click("share")
    tab.click("share-room")
    tab.click("room-open")
    page.wait_for_selector(".room-picture svg")
    code = tab.page.inner_text(tab.role("room-code")).replace(" ", "")
    assert page.context.browser is not None
    context = page.context.browser.new_context(locale="en-US")
    ada = Tab(context.new_page())
    ada.page.goto(f"http://127.0.0.1:{proxy.port}/lab/join#{code}")
    ada.page.fill(ada.role("join-name"), "Ada")
    ada.click("join")
    ada.page.wait_for_selector(".room-words:has-text('Ada')")
    assert proxy.refused >= 4
    ada.until(lambda: ada.text("step-count") == tab.text("step-count"))
    tab.click("room-close-window")
    tab.click("step")
    ada.until(lambda: ada.text("step-count") == tab.text("step-count") and ada.text("loss") == tab.text("loss"))
    ada.click("room-copy")
    ada.page.wait_for_selector(ada.role("room-back"))
    context.close()
    tab.said.clear()  # the browser says of each socket that it was refused


@contextmanager
def platform() -> Iterator[tuple[str, dict[str, str]]]:
    """A site of another origin whose one page holds another page in a frame: the address that it is told."""
    framed = {"src": ""}

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = '<script>addEventListener("message", event => (window.heard = event.data))</script>'
            body = f'{script}<iframe style="width: 1200px; height: 300px" src="{framed["src"]}"></iframe>'.encode()
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}", framed
    site.shutdown()


@pytest.mark.long
def test_in_a_frame_the_page_tells_its_height_and_leads_to_a_tab_of_its_own(tab: Tab, server: Backscope) -> None:
    """Only a server that was told so lets itself be framed."""
    page = tab.page
    with platform() as (site, framed):
        allowing = Backscope(options=("--allow-frame", site)).start()
        try:
            framed["src"] = f"{server.url}?lang=en"
            page.goto(site)
            tab.until(lambda: any("frame-ancestors" in words for words in tab.said))
            tab.said.clear()
            framed["src"] = f"{allowing.url}?lang=en"
            page.goto(site)
            frame = page.frame_locator("iframe")
            frame.locator(tab.role("play") + ":enabled").wait_for(timeout=15_000)
            page.wait_for_function("window.heard?.height >= 720 && window.heard.source === 'backscope'")
            with page.context.expect_page() as opened:
                frame.get_by_text("Open in a tab of its own").click()
            own = Tab(opened.value)
            own.wait_ready()
            assert not own.page.locator("[data-part=frame-way]").is_visible()
        finally:
            allowing.stop()
