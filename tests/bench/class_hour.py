"""An hour of a class by script: one teacher and four students in a real browser, and what that leaves behind.

    python tests/bench/class_hour.py [--minutes 60] [--port 8790]

Ada follows all the while. Each round of about a minute the run trains, the teacher looks at another place and asks what
the loss will be; Ben takes a copy, trains it and comes back; Cem leaves and joins anew; Dee's device sleeps, or has no
network, and comes back. Who follows has to be at the teacher's step at the end of each. A row a round: after a
collection of garbage the heap, DOM nodes and listeners of the teacher's page and of Ada's; the resident memory of the
server's processes. The last lines compare the last third with the middle one, and tell each message in a console, each
violation of the page's policy, each line that the server wrote, and whatever did not come about within two minutes.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import FLAGS, Backscope, Tab, counting, find_browser, heading, metrics, row
from endurance import resident
from playwright.sync_api import Browser, CDPSession, Error, Page, sync_playwright

#: Seconds for each thing to come about: the machine may be busy with others.
PATIENCE = 120
#: Told by the browser itself where it has no network, whatever a page does.
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"
POLICY = """addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""
PLACES = ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")


class Lesson:
    """The people of a class, and what they do in a round."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.faults: list[str] = []
        self.teacher = Tab(self.page(1366, 768)).open(url, "lang=en&theme=light")
        self.teacher.click("share")
        self.teacher.click("share-room")
        self.teacher.click("room-open")
        self.seen(self.teacher, ".room-picture svg")
        self.code = self.teacher.text("room-code").replace(" ", "")
        self.students = {name: self.join(name, 1366 if name == "Ben" else 360) for name in ("Ada", "Ben", "Cem", "Dee")}
        self.teacher.choose("ask-kind", "loss")
        self.teacher.click("room-close-window")

    def page(self, width: int, height: int) -> Page:
        page = self.browser.new_context(viewport={"width": width, "height": height}, locale="en-US").new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script(POLICY)
        return page

    def join(self, name: str, width: int) -> Tab:
        tab = Tab(self.page(width, 740))
        self.enter(tab, name)
        return tab

    def enter(self, tab: Tab, name: str) -> None:
        tab.page.goto(f"{self.url}join#{self.code}")
        tab.page.fill(tab.role("join-name"), name)
        tab.click("join")
        self.follows(tab)

    def seen(self, tab: Tab, selector: str) -> None:
        """Wait for something, and hold nothing of it: a handle would keep it in the page's memory."""
        tab.page.locator(selector).first.wait_for()

    def follows(self, tab: Tab) -> None:
        """Wait until a page follows the room."""
        self.seen(tab, ".room-words:has-text('you follow')")
        tab.until(lambda: tab.text("step-count").replace(",", "").isdecimal(), PATIENCE)

    def in_step(self) -> None:
        """Wait until all who follow stand where the teacher stands."""
        self.teacher.pause()
        there = self.teacher.step()
        for name, tab in self.students.items():
            tab.until(lambda tab=tab: tab.step() == there, PATIENCE, f"{name} at step {there}")

    def attempt(self, what: Callable[[], None], name: str) -> None:
        """Do something; what fails is told, and the lesson goes on."""
        try:
            what()
        except (Error, pytest.fail.Exception) as error:
            self.faults.append(f"{name}: {str(error).splitlines()[0]}")
            print(f"  fault: {self.faults[-1]}", flush=True)

    def look_around(self, number: int) -> None:
        """The teacher selects another place, and turns the surface."""
        stage = self.teacher.page.locator(".network-stage")
        stage.focus()
        for key in (PLACES[number % 4], PLACES[(number + 1) % 4], "Enter"):
            self.teacher.page.keyboard.press(key)
            self.teacher.page.wait_for_timeout(200)
        self.teacher.page.keyboard.press("Escape")

    def predict(self) -> None:
        """A question, two answers, what the run does, and off the pages again."""
        teacher = self.teacher
        teacher.click("room-manage")
        teacher.page.fill(teacher.role("ask-step"), str(teacher.step() + 200))
        teacher.click("ask")
        for tab, value in ((self.students["Ada"], "0.1"), (self.students["Dee"], "0.3")):
            tab.page.fill(tab.role("poll-entry"), value)
            tab.page.press(tab.role("poll-entry"), "Enter")
        self.seen(self.students["Ada"], f"{teacher.role('poll-told')}:has-text('Answers: 2')")
        teacher.click("ask-reveal")
        self.seen(self.students["Ada"], teacher.role("poll-real"))
        teacher.click("ask-hide")
        teacher.page.locator(".classroom > .room-question").wait_for(state="hidden")

    def copy(self) -> None:
        """Ben plays with a copy, and comes back."""
        ben = self.students["Ben"]
        ben.click("room-copy")
        self.seen(ben, ben.role("room-back"))
        self.seen(ben, f"{ben.role('play')}:enabled")
        ben.play()
        ben.page.wait_for_timeout(4000)
        ben.pause()
        ben.click("room-back")
        self.follows(ben)

    def leave(self) -> None:
        """Cem leaves, and comes in by the door."""
        cem = self.students["Cem"]
        if cem.page.is_visible(cem.role("room-leave")):
            cem.click("room-leave")
            self.seen(cem, f"{cem.role('play')}:enabled")
        self.enter(cem, "Cem")

    def sleep(self, line: CDPSession, number: int) -> None:
        """Dee's device sleeps, or loses the network, for 10 s."""
        dee = self.students["Dee"]
        if number % 2:
            line.send("Page.setWebLifecycleState", {"state": "frozen"})
            self.teacher.page.wait_for_timeout(10_000)
            line.send("Page.setWebLifecycleState", {"state": "active"})
        else:
            dee.page.context.set_offline(True)
            self.teacher.page.wait_for_timeout(10_000)
            dee.page.context.set_offline(False)
        self.follows(dee)

    def said(self) -> list[str]:
        """Whatever stands in a console that the browser did not say of itself while it had no network."""
        tabs = {"teacher": self.teacher, **self.students}
        return [f"{name}: {line}" for name, tab in tabs.items() for line in tab.said if OFFLINE not in line]


def minutes_of(begin: float) -> float:
    """Minutes since then."""
    return (time.monotonic() - begin) / 60


def compared(seen: list[tuple[float, ...]], names: tuple[str, ...]) -> str:
    """The means of the last third against those of the middle one."""
    third = max(1, len(seen) // 3)
    middle, last = (
        [statistics.mean(column) for column in zip(*part, strict=True)]
        for part in (seen[-2 * third : -third], seen[-third:])
    )
    return ", ".join(f"{what} {b - a:+.2f}" for what, a, b in zip(names, middle, last, strict=True))


def held(browser: Browser, server: Backscope, minutes: float) -> None:
    """Hold the lesson and print what came of it."""
    assert server.process is not None
    lesson = Lesson(browser, server.url)
    watched = [counting(lesson.teacher), counting(lesson.students["Ada"])]
    line = counting(lesson.students["Dee"])
    parts = "teacher: heap MB", "nodes", "listeners", "Ada: heap MB", "nodes", "listeners"
    print(heading("round", "minute", "step", *parts, "processes MB"))
    seen: list[tuple[float, ...]] = []
    begin, number = time.monotonic(), 0
    while (past := minutes_of(begin)) < minutes:
        number += 1
        lesson.attempt(lesson.teacher.play, "play")
        lesson.attempt(lambda number=number: lesson.look_around(number), "look around")  # type: ignore[misc]
        lesson.attempt(lesson.copy, "copy")
        lesson.attempt(lesson.leave, "leave")
        lesson.attempt(lambda number=number: lesson.sleep(line, number), "sleep")  # type: ignore[misc]
        lesson.attempt(lesson.in_step, "in step")
        lesson.attempt(lesson.predict, "predict")
        pages = []
        for session in watched:
            session.send("HeapProfiler.collectGarbage")
            now = metrics(session)
            pages += [now["JSHeapUsedSize"] / 2**20, now["Nodes"], now["JSEventListeners"]]
        memory = resident(server.process.pid)
        seen.append((*pages, memory[0], sum(memory)))
        figures = [f"{value:.1f}" if place % 3 == 0 else int(value) for place, value in enumerate(pages)]
        processes = ", ".join(f"{size:.0f}" for size in memory)
        print(row(number, f"{past:.1f}", lesson.teacher.step(), *figures, processes), flush=True)
        lesson.teacher.page.wait_for_timeout(1000 * max(1, 60 * (number - minutes_of(begin))))
    print("\nlast third against the middle one: " + compared(seen, (*parts, "front MB", "all processes MB")))
    for what, told in (
        ("did not come about", lesson.faults),
        ("in consoles", lesson.said()),
        ("of the server", server.said[1:]),
    ):
        print(f"{what}: {len(told)}", *told[:20], sep="\n  ")


def main() -> None:
    """Hold it."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=float, default=60)
    ask.add_argument("--port", type=int, default=8790)
    options = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Backscope(port=options.port, data_dir=Path(folder)).start()
        try:
            browser = playwright.chromium.launch(executable_path=find_browser(playwright), args=FLAGS)
            held(browser, server, options.minutes)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
