"""A teacher and three students: they come with a code, see what the teacher shows, answer, take a copy, and go."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Backscope, Tab
from playwright.sync_api import Browser, expect

#: Right and lower end of the code's letters, left and upper end of the picture, and whether all of the window is seen.
BACK_ROW = """() => {
  const letters = document.createRange();
  letters.selectNodeContents(document.querySelector('[data-role="room-code"]'));
  const {right, bottom} = letters.getBoundingClientRect();
  const {left, top} = document.querySelector(".room-picture").getBoundingClientRect();
  const view = document.querySelector(".room-window");
  return [[right, bottom], [left, top], view.scrollHeight <= view.clientHeight];
}"""

#: Whether no control that changes the run can be reached.
OUT_OF_REACH = """() => ["play", "dataset", "optimizer", "activation", "learning-rate", "reseed", "preset"]
  .flatMap(role => [...document.querySelectorAll(`[data-role="${role}"]`)]).every(one => one.closest("[inert]"))"""


class Classroom:
    """A teacher's tab with an open room, and those who follow it."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self._contexts: list[object] = []
        self.teacher = Tab(self.page(1366, 768)).open(url, "lang=en&theme=light")
        self.teacher.click("share")
        self.teacher.click("share-room")
        self.teacher.click("room-open")
        self.teacher.page.wait_for_selector(".room-picture svg")
        self.code = self.teacher.text("room-code").replace(" ", "")

    def page(self, width: int, height: int) -> object:
        context = self.browser.new_context(viewport={"width": width, "height": height}, locale="en-US")
        self._contexts.append(context)
        return context.new_page()

    def join(self, name: str, width: int = 360) -> Tab:
        tab = Tab(self.page(width, 740))
        tab.page.goto(f"{self.url}join#{self.code}")
        tab.page.fill(tab.role("join-name"), name)
        tab.click("join")
        self.wait_in(tab)
        return tab

    def wait_in(self, tab: Tab) -> None:
        tab.page.wait_for_selector(".room-words:has-text('room')")
        tab.until(lambda: tab.text("step-count").replace(",", "").isdecimal())

    def members(self) -> dict[str, str]:
        rows = self.teacher.page.locator('[data-role="room-members"] li[data-state]').all()
        return {row.locator("strong").inner_text(): row.get_attribute("data-state") or "" for row in rows}

    def close(self) -> None:
        for context in self._contexts:
            context.close()  # type: ignore[attr-defined]


@pytest.fixture
def room(browser: Browser, server: Backscope) -> Iterator[Classroom]:
    held = Classroom(browser, server.url)
    yield held
    held.close()


def test_a_lesson(room: Classroom) -> None:
    teacher = room.teacher
    ada, ben, cem = room.join("Ada"), room.join("Ben", 1366), room.join("Cem")
    students = (ada, ben, cem)
    teacher.until(lambda: room.members() == {"Ada": "follows", "Ben": "follows", "Cem": "follows"})

    # For the back row: no letter is cut off or lies on the picture, not the widest either, and all is seen at once.
    teacher.click("room-large")
    teacher.page.evaluate("code => { document.querySelector('[data-role=room-code]').textContent = code; }", "WMW WMW")
    for width, height in ((360, 740), (740, 360), (1366, 768)):
        teacher.page.set_viewport_size({"width": width, "height": height})
        code, picture, whole = teacher.page.evaluate(BACK_ROW)
        assert code[0] <= width
        assert code[1] <= picture[1] or code[0] <= picture[0]
        assert whole
    teacher.click("room-close-window")
    teacher.click("room-manage")
    assert teacher.page.locator(teacher.role("room-members")).is_visible(), "opened again, it shows all"
    teacher.click("room-close-window")

    # The run, and what the teacher has chosen to see.
    teacher.train(30)
    there = teacher.step()
    for tab in students:
        tab.until(lambda tab=tab: tab.step() == there)  # type: ignore[misc]
        assert tab.text("loss") == teacher.text("loss")
    teacher.page.click(".surface-tools >> text=2-D")
    ben.page.wait_for_selector('.surface-tools [aria-pressed="true"]:has-text("2-D")')
    teacher.click("microscope")
    teacher.page.wait_for_selector('[data-part="microscope"][data-phase]:not([data-phase="opening"])')
    teacher.page.keyboard.press("ArrowRight")
    teacher.page.keyboard.press("ArrowRight")
    phase = teacher.page.get_attribute('[data-part="microscope"]', "data-phase")
    for tab in students:
        tab.page.wait_for_selector(f'[data-part="microscope"][data-phase="{phase}"]')
    late = room.join("Dee")
    late.page.wait_for_selector(f'[data-part="microscope"][data-phase="{phase}"]')
    late.page.context.close()
    teacher.click("microscope")
    for tab in students:
        tab.page.wait_for_selector('[data-part="microscope"]', state="hidden")

    # Controls are off, and say why.
    for tab in students:
        assert tab.page.evaluate(OUT_OF_REACH)
    before = teacher.step()
    ben.page.keyboard.press("ArrowRight")
    ben.page.keyboard.press(" ")
    ben.page.wait_for_selector(".toast:has-text('These controls are off')")
    assert teacher.step() == before

    # The pointer stands at the same place of the same panel, however wide the page is.
    teacher.click("room-point")
    box = teacher.page.locator(".panel-output").bounding_box()
    assert box is not None
    teacher.page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    for tab in (ada, ben):
        tab.page.wait_for_selector(".room-pointer:not([hidden])", state="attached")
        shares = tab.page.evaluate(
            """() => {
              const mark = document.querySelector(".room-pointer").getBoundingClientRect();
              const panel = document.querySelector(".panel-output").getBoundingClientRect();
              return [(mark.left + mark.width / 2 - panel.left) / panel.width,
                      (mark.top + mark.height / 2 - panel.top) / panel.height];
            }"""
        )
        assert shares == pytest.approx([0.25, 0.5], abs=0.03)
    teacher.click("room-point")

    # Predict, then see.
    teacher.click("room-manage")
    teacher.until(lambda: room.members() == {"Ada": "follows", "Ben": "follows", "Cem": "follows", "Dee": "away"})
    teacher.choose("ask-kind", "loss")
    teacher.page.fill(teacher.role("ask-step"), str(before + 200))
    teacher.click("ask")
    for tab, value in ((ada, "0.2"), (ben, "0.25"), (cem, "0,3")):
        tab.page.fill(tab.role("poll-entry"), value)
        tab.page.press(tab.role("poll-entry"), "Enter")
    ada.until(lambda: "Answers: 3" in ada.text("poll-told"))
    assert "0.25" not in ada.page.inner_text(".room-question")
    teacher.click("ask-reveal")
    ada.page.wait_for_selector(ada.role("poll-real"))
    told = ada.text("poll-told")
    assert "Ada" not in ada.page.inner_text(".room-question")
    teacher.page.check(teacher.role("ask-named"))  # with names, on a second thought
    cem.page.wait_for_selector(".poll-names:has-text('Ada')")
    teacher.click("ask-hide")
    teacher.click("room-manage")

    # A copy is the run, and the way back stays.
    ada.click("room-copy")
    ada.page.wait_for_selector(ada.role("room-back"))
    ada.wait_ready()
    ada.until(lambda: ada.step() == before)
    teacher.until(lambda: room.members()["Ada"] == "copy")
    for _ in range(2):
        ada.click("step")
    ada.until(lambda: ada.step() == before + 2)

    # There the class is heard: quietly, and an answer leaves the copy as it is.
    ada.page.focus(ada.role("play"))
    teacher.choose("ask-kind", "words")
    teacher.page.fill(teacher.role("ask-text"), "Why?")
    teacher.click("ask")
    ada.page.wait_for_selector(".call-words:has-text('Why?')")
    assert ada.page.evaluate("document.activeElement.dataset.role") == "play"
    ada.click("call-unfold")
    ada.page.fill(".room-call input", "Because")
    ada.page.press(".room-call input", "Enter")
    cem.until(lambda: "Answers: 1" in cem.text("poll-told"))
    assert ada.step() == before + 2
    teacher.click("ask-hide")
    ada.page.wait_for_selector(".room-call", state="hidden")
    ada.click("room-back")
    room.wait_in(ada)
    ada.until(lambda: ada.step() == before)

    # What was foretold is what comes.
    assert f"step {before + 200:,}" in told

    # Handed over, taken back, all looking up, and out.
    teacher.click("room-manage")
    teacher.page.click('[data-role="room-members"] li:has-text("Ben") [data-role="room-hand"]')
    ben.page.wait_for_selector(".room-words:has-text('you drive')")
    teacher.click("play")
    teacher.page.wait_for_selector(".toast:has-text('Ben drives the run: take it back first')")
    ben.page.wait_for_selector(".toast:has-text('you drive')")
    here = ben.step()
    ben.click("step")
    for tab in (teacher, cem):
        tab.until(lambda tab=tab: tab.step() == here + 1)  # type: ignore[misc]
    teacher.page.check(teacher.role("room-paused"))
    cem.page.wait_for_selector(".room-up:visible")
    teacher.page.uncheck(teacher.role("room-paused"))
    teacher.page.click('[data-role="room-members"] li:has-text("Ben") [data-role="room-hand"]')
    ben.page.wait_for_selector(".room-words:has-text('you follow')")
    remove = '[data-role="room-members"] li:has-text("Cem") [data-role="room-remove"]'
    button = teacher.page.locator(remove)
    button.press("Enter")
    ada.click("room-copy")  # others come and go: what the hand is at stays, and so does what it was asked
    teacher.until(lambda: room.members()["Ada"] == "copy")
    assert button.evaluate("node => node === document.activeElement")
    assert button.inner_text() == "Remove, and change the code?"
    button.press("Shift+Tab")  # to go elsewhere is no yes
    assert button.inner_text() == "Remove"
    teacher.page.click(remove)
    teacher.page.click(remove)
    cem.page.wait_for_selector(".notice:has-text('taken you out')")
    assert teacher.page.evaluate("document.activeElement.textContent") == "Who is there"
    assert "in no room now" in cem.page.inner_text(".room-words")
    teacher.until(lambda: teacher.text("room-code").replace(" ", "") != room.code)
    teacher.click("room-end")
    teacher.click("room-end")
    ben.page.wait_for_selector(".room-words:has-text('in no room now')")
    for tab in (teacher, *students):
        assert tab.said == []


def test_a_lesson_step_by_step_and_at_ones_own_pace(room: Classroom) -> None:
    """A follower sees the lesson's step, the probe, the surface's camera and the simple page; or goes alone."""
    teacher, ben = room.teacher, room.join("Ben", 1366)
    teacher.click("room-close-window")
    turned = ".surface-buttons button >> nth=1"  # leads back to the usual place
    teacher.page.hover(".surface-hand")
    teacher.page.mouse.wheel(0, -300)
    ben.page.wait_for_selector(turned)
    teacher.page.click(".boundary-mark")
    ben.page.wait_for_selector(".boundary-probe")
    teacher.click("page")
    ben.page.wait_for_selector("html[data-page=simple]")
    teacher.click("page")
    teacher.click("lessons")
    teacher.page.click('[data-role="lesson-list"] button >> nth=0')
    ben.page.wait_for_selector(f"{ben.role('lesson-place')}:has-text('1 of')")
    teacher.click("lesson-next")
    ben.page.wait_for_selector(f"{ben.role('lesson-place')}:has-text('2 of')")
    assert not ben.page.is_visible(ben.role("lesson-next"))
    teacher.click("room-manage")
    teacher.page.check(teacher.role("room-own_pace"))
    ben.page.wait_for_selector(f"{ben.role('room-copy')}:has-text('lesson')")
    assert not ben.page.is_visible(ben.role("lesson-place"))
    ben.click("room-copy")
    ben.page.wait_for_selector(f"{ben.role('lesson-place')}:has-text('1 of')")
    ben.click("lesson-next")
    row = teacher.page.locator('[data-role="room-members"] li')
    teacher.until(lambda: row.get_attribute("data-state") == "copy" and "step 2 of" in row.inner_text())
    for tab in (teacher, ben):
        assert tab.said == []


@pytest.mark.long
def test_a_prepared_class_goes_on_by_one_press_each(browser: Browser, server: Backscope, tmp_path: Path) -> None:
    """Questions and states prepared before the room is open, kept over a reload and as a file; answers stay unseen."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US")
    teacher = Tab(context.new_page()).open(server.url, "lang=en&theme=light")
    page = teacher.page
    teacher.click("share")
    teacher.click("share-room")
    page.wait_for_selector(teacher.role("ask-later"))
    teacher.choose("ask-kind", "choice")
    page.fill(teacher.role("ask-text"), "Which layer learns fastest?")
    page.fill(teacher.role("ask-choices"), "the first\n* the last")
    teacher.click("ask-later")
    teacher.click("room-close-window")
    page.click(".surface-tools >> text=2-D")
    teacher.train(10)
    there, loss = teacher.step(), teacher.text("loss")
    teacher.click("share")
    teacher.click("share-room")
    page.fill(teacher.role("plan-name"), "After a while")
    teacher.click("plan-here")
    with page.expect_download() as download:
        teacher.click("plan-save")
    download.value.save_as(tmp_path / "class.json")
    page.locator(teacher.role("plan-remove")).last.click()
    page.set_input_files(
        teacher.role("plan-file"), tmp_path / "class.json"
    )  # comes to the end: question, question, state
    items = page.locator(teacher.role("plan-items") + " li")
    expect(items).to_have_count(3)
    page.locator(teacher.role("plan-up")).last.click()
    expect(items.nth(1)).to_have_attribute("data-kind", "state")
    teacher.click("room-open")
    page.wait_for_selector(".room-picture svg")
    code = teacher.text("room-code").replace(" ", "")
    teacher.click("room-close-window")
    teacher.click("reset")
    page.click(".surface-tools >> text=3-D")

    student = Tab(browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN").new_page())
    student.page.goto(f"{server.url}join?lang=zh#{code}")
    student.page.fill(student.role("join-name"), "李华")
    student.click("join")
    page.reload()  # the list is the browser's
    teacher.wait_ready()
    teacher.click("room-next")
    student.click("poll-choice-0")
    teacher.until(lambda: teacher.text("poll-told") == "Answers: 1")
    assert student.page.locator(student.role("poll-real")).count() == 0
    teacher.click("ask-reveal")
    student.page.wait_for_selector(f"{student.role('poll-real')}:has-text('the last')")
    teacher.click("ask-hide")
    teacher.click("room-next")
    for tab in (teacher, student):
        tab.until(lambda tab=tab: (tab.step(), tab.text("loss")) == (there, loss))  # type: ignore[misc]
    for tab, words in ((teacher, "2-D"), (student, "等高线")):
        tab.page.wait_for_selector(f'.surface-tools [aria-pressed="true"]:has-text("{words}")')
    assert (teacher.said, student.said) == ([], [])
    context.close()
    student.page.context.close()


@pytest.mark.long
def test_a_wrong_code_is_said_at_the_door_in_both_languages(room: Classroom) -> None:
    tab = Tab(room.page(360, 740))
    tab.page.goto(f"{room.url}join?lang=zh#AAAAA3")
    tab.page.fill(tab.role("join-name"), "李华")
    tab.click("join")
    tab.page.wait_for_selector(".join-why:has-text('代码')")
    assert tab.page.input_value(tab.role("join-name")) == "李华"
    tab.click("join-language")
    tab.page.wait_for_selector(".join-why:has-text('No open room has this code')")
    tab.page.fill(tab.role("join-code"), room.code.lower())
    tab.click("join")
    tab.page.wait_for_selector(".room-words:has-text('李华')")
    tab.page.reload()
    tab.page.wait_for_selector(".room-words:has-text('李华')")
    room.teacher.until(lambda: room.members() == {"李华": "follows"})
    assert tab.said == []
