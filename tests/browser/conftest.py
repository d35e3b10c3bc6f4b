"""A running Backscope and a real browser. A missing browser is a failure that says how to get one, never a skip."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import FLAGS, Backscope, Tab, find_browser
from playwright.sync_api import Browser, sync_playwright


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where a busy machine made a test wait too long, it is tried once more; what is wrong fails at once."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["not within", "Timeout .*exceeded"]))


@pytest.fixture(scope="session")
def server() -> Iterator[Backscope]:
    running = Backscope().start()
    yield running
    running.stop()


@pytest.fixture
def own_server() -> Iterator[Backscope]:
    """A server that the test may kill."""
    running = Backscope().start()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def nothing_broke(server: Backscope) -> Iterator[None]:
    """What the server prints while a test lasts is a part of its outcome: whatever it has to say, it is no good."""
    server.said.clear()
    yield
    assert not server.said, "".join(server.said)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=find_browser(playwright), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, reduced_motion="no-preference", locale="en-US"
    )
    page = context.new_page()
    yield Tab(page)
    context.close()


@pytest.fixture
def opened(tab: Tab, server: Backscope) -> Tab:
    """A tab on the default page, ready."""
    return tab.open(server.url, "lang=en&theme=light")
