"""Uploads: pasted or chosen, its defects told, and trained on like any data set."""

import io
import re

import pytest
from driver import Backscope, Tab
from openpyxl import Workbook

DEFECTS = "id,height,colour,price\n1,1.5,red,3\n2,,blue,4.5\n3,abc,red,5\n4,3.5\n5,4,red,2\n"
#: Paste a text that is so many copies of a line; whether it is left to the browser to write it out.
PASTE = """([line, count]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", line.repeat(count));
  const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
  return document.querySelector('[data-role="upload-text"]').dispatchEvent(event);
}"""
PLANE = "height,weight,size\n" + "".join(f"{i % 9},{i % 7},{'big' if i % 9 > i % 7 else 'small'}\n" for i in range(90))


def told(tab: Tab) -> list[list[str]]:
    """The defects that are listed."""
    rows = "all => all.map(row => [...row.cells].map(cell => cell.textContent))"
    found: list[list[str]] = tab.page.eval_on_selector_all(tab.role("upload-defects") + " tbody tr", rows)
    return found


def give(tab: Tab, content: bytes, name: str = "table.csv") -> None:
    """Choose a file in the window, and wait for what is said of it."""
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    tab.page.set_input_files(tab.role("upload-file"), file)  # type: ignore[arg-type]
    tab.page.wait_for_selector(f"{tab.role('upload-name')}:has-text('{name}')")
    judged(tab)


def judged(tab: Tab) -> str:
    """The line on the whole file, once it is there."""
    tab.page.wait_for_selector(
        tab.role("upload-verdict") + "[data-kind=good]," + tab.role("upload-verdict") + "[data-kind=bad]"
    )
    return tab.text("upload-verdict")


def shown(tab: Tab, name: str) -> str:
    """What a list of the window shows."""
    return tab.page.locator(f"{tab.role('upload-' + name)} option:checked").inner_text()


def test_a_table_is_judged_trained_on_and_survives_a_reload(opened: Tab) -> None:
    page = opened.page
    opened.choose("dataset", "upload")
    page.fill(opened.role("upload-text"), DEFECTS)
    page.wait_for_selector(opened.role("upload-verdict") + '[data-kind="bad"]')
    assert told(opened) == [
        ["–", "3 colour", "holds no numbers: learn it, or leave it out"],
        ["3", "2 height", "there is no number: fill it in, or delete the row"],
        ["4", "2 height", "“abc” is not a number"],
        ["5", "–", "has 2 fields, most rows have 4: look for one too many, one missing, or a quotation mark"],
    ]
    assert page.locator(opened.role("upload-train")).is_disabled()
    file = {"name": "sizes.csv", "mimeType": "text/csv", "buffer": PLANE.encode()}
    page.set_input_files(opened.role("upload-file"), file)  # type: ignore[arg-type]
    page.wait_for_selector(opened.role("upload-verdict") + '[data-kind="good"]')
    assert opened.text("upload-verdict") == "90 samples, 2 inputs, two classes: big, small"
    page.select_option(opened.role("upload-target"), label="weight")
    page.select_option(opened.role("upload-kind"), "regression")
    page.locator(".upload-inputs .check", has_text="size").locator("input").uncheck()
    page.wait_for_function(
        "say => document.querySelector('[data-role=upload-verdict]').textContent === say",
        arg="90 samples, one input, numbers (regression)",
    )
    page.select_option(opened.role("upload-target"), label="size")
    page.select_option(opened.role("upload-kind"), "")
    page.wait_for_selector(opened.role("upload-verdict") + ':has-text("90 samples, 2 inputs, two classes")')
    opened.click("upload-train")
    opened.until(lambda: page.input_value(opened.role("dataset")).startswith("upload-"))
    page.wait_for_selector('.network-feature:has-text("height")')
    opened.train(30)
    step, loss = opened.step(), opened.text("loss")
    page.reload()
    opened.wait_ready()
    opened.until(lambda: opened.step() == step and opened.text("loss") == loss)
    assert page.inner_text(opened.role("dataset") + " option:checked") == "size"
    opened.click("share")
    opened.click("share-link")
    page.wait_for_selector('.toast:has-text("does not carry your upload")')
    assert opened.said == []


@pytest.mark.long
def test_a_server_that_has_lost_the_data_says_so_and_the_page_goes_on(tab: Tab, own_server: Backscope) -> None:
    tab.open(own_server.url, "lang=en")
    tab.click("upload-open")
    tab.page.fill(tab.role("upload-text"), PLANE)
    tab.page.wait_for_selector(tab.role("upload-train") + ":enabled")
    tab.click("upload-train")
    tab.until(lambda: tab.page.input_value(tab.role("dataset")).startswith("upload-"))
    own_server.stop()
    own_server.start()
    tab.page.wait_for_selector('.toast:has-text("give the file again")')
    tab.wait_ready()
    tab.until(lambda: tab.page.input_value(tab.role("dataset")) == "circle")
    tab.click("step")
    tab.until(lambda: tab.step() == 1)


#: Makes choices faster than they can be answered: how many files were on their way at once.
AT_ONCE = """async chosen => {
  const real = window.fetch;
  let [now, most] = [0, 0];
  window.fetch = async (...given) => {
    most = Math.max(most, ++now);
    try { return await real(...given); } finally { now--; }
  };
  for (const [role, value] of Object.entries(chosen)) {
    const select = document.querySelector(`[data-role="${role}"]`);
    select.value = value;
    select.dispatchEvent(new Event("change", {bubbles: true}));
  }
  while (now) await new Promise(requestAnimationFrame);
  window.fetch = real;
  return most;
}"""


@pytest.mark.long
def test_what_is_recognised_is_shown_and_can_be_changed(opened: Tab) -> None:
    opened.click("upload-open")
    give(opened, "größe;gewicht;y;\n1,234;7;für;\n2,345;8;über;\n3,456;9;für;\n".encode("cp1252"))
    assert told(opened) == [["2", "1 größe", "“1,234” may be 1234 or 1.234: choose the decimal mark above"]]
    found = {name: shown(opened, name) for name in ("delimiter", "decimal", "header", "encoding")}
    assert found == {
        "delimiter": "semicolon ;",
        "decimal": "not certain",
        "header": "names",
        "encoding": "Windows-1252",
    }
    assert opened.page.locator(opened.role("upload-train")).is_disabled()
    opened.page.select_option(opened.role("upload-decimal"), ",")
    opened.page.wait_for_selector(opened.role("upload-verdict") + "[data-kind=good]")
    assert judged(opened) == "3 samples, 2 inputs, two classes: für, über"
    assert shown(opened, "decimal") == "1.234,5"
    opened.page.select_option(opened.role("upload-header"), "data")
    opened.page.wait_for_selector(opened.role("upload-verdict") + "[data-kind=bad]")
    assert told(opened)[0] == ["1", "1 x1", "“größe” is not a number"]
    assert opened.page.evaluate(AT_ONCE, {"upload-header": "", "upload-encoding": "utf-8"}) == 1
    opened.page.wait_for_selector(opened.role("upload-defects") + " :text('is not text in utf-8')")
    opened.page.select_option(opened.role("upload-encoding"), "")
    opened.page.select_option(opened.role("upload-delimiter"), "|")
    opened.page.wait_for_selector(opened.role("upload-defects") + " :text('choose the separator')")
    opened.page.select_option(opened.role("upload-delimiter"), ";")
    opened.page.wait_for_selector(opened.role("upload-verdict") + "[data-kind=good]")
    opened.click("upload-train")
    opened.until(lambda: opened.page.input_value(opened.role("dataset")).startswith("upload-"))
    assert opened.said == []


@pytest.mark.long
def test_a_column_that_is_empty_is_said_to_be_and_kinds_are_obeyed(opened: Tab) -> None:
    opened.click("upload-open")
    give(opened, b"a,note,b,d\n1,,2,0\n2,,1,1\n3,,3,0\n4,,1,2\n5,,2,0\n6,,4,3+\n")
    assert told(opened) == [["7", "4 d", "“3+” is not a number; if the column holds classes, choose “classes” above"]]
    note = opened.page.locator(".upload-inputs .check", has_text="note")
    assert note.locator("input").is_disabled()
    assert note.locator("small").inner_text() == "empty"
    opened.page.select_option(opened.role("upload-kind"), "classes")
    opened.page.wait_for_selector(opened.role("upload-verdict") + "[data-kind=good]")
    assert judged(opened) == "6 samples, 2 inputs, classes: 0, 1, 2, 3+"


def test_a_workbook_and_its_sheets(opened: Tab) -> None:
    book = Workbook()
    for row in (["height", "kind"], [1.5, "tall"], [0.5, "low"], [1.75, "tall"], [0.25, "low"]):
        book.active.append(row)
    other = book.create_sheet("Other")
    for row in ([1, 2, 3], [4, 5, 7], [6, 8, 9]):
        other.append(row)
    content = io.BytesIO()
    book.save(content)
    opened.click("upload-open")
    give(opened, content.getvalue(), "measured.xlsx")
    assert judged(opened) == "4 samples, one input, two classes: low, tall"
    hidden = [opened.page.locator(opened.role(f"upload-{name}")).is_hidden() for name in ("delimiter", "encoding")]
    assert hidden == [True, True]
    opened.page.select_option(opened.role("upload-sheet"), "Other")
    opened.page.wait_for_selector(opened.role("upload-verdict") + ":text('3 samples, 2 inputs')")
    assert opened.said == []


def test_an_answer_that_is_none_is_no_lost_connection(opened: Tab) -> None:
    opened.page.route(re.compile(r":\d+/upload/"), lambda route: route.fulfill(status=502, body="Bad Gateway"))
    opened.click("upload-open")
    opened.page.fill(opened.role("upload-text"), PLANE)
    assert judged(opened) == "Something went wrong inside Backscope: HTTP 502"


@pytest.mark.long
def test_a_long_paste_is_taken_as_a_file_is_and_the_page_lives(opened: Tab) -> None:
    """Text of tens of thousands of lines stops a page that lays it out; what is too large is told in its unit."""
    page = opened.page
    opened.play()
    opened.click("upload-open")
    assert page.evaluate(PASTE, ["1,2,yes\n", 20])
    assert not page.evaluate(PASTE, ["1,2,yes\n", 60_000])
    page.wait_for_selector(f"{opened.role('upload-name')}:has-text('Pasted text')")
    page.wait_for_selector(f"{opened.role('upload-defects')} :text('2 to 50,000 rows are needed, found 60,000')")
    assert page.input_value(opened.role("upload-text")) == ""
    assert not page.evaluate(PASTE, ["1,2,yes\n", 2_000_000])
    page.wait_for_selector(f"{opened.role('upload-verdict')}:text('The file is larger than 10 MB')")
    before = opened.step()
    opened.until(lambda: opened.step() > before, what="training goes on")
    assert opened.said == []


@pytest.mark.long
def test_classes_keep_their_names_wherever_they_are_told(opened: Tab) -> None:
    page = opened.page
    opened.click("upload-open")
    give(opened, PLANE.encode())
    opened.click("upload-train")
    page.wait_for_selector(".boundary-ends")
    assert page.locator(".boundary-ends span").all_inner_texts() == ["big", "small"]
    assert page.inner_text(".network-loss-sample").split(" · ")[1] in ("big", "small")
    box = page.locator(".boundary-stage").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    opened.until(lambda: bool(re.search(r"→ \S+ (big|small)", page.inner_text(".boundary-side"))))
    opened.click("upload-open")
    columns = "a,b,c,kind\n" + "".join(f"{i % 9},{i % 7},{i % 5},{'no' if i % 3 else 'yes'}\n" for i in range(30))
    give(opened, columns.encode(), "three.csv")
    opened.click("upload-train")
    page.wait_for_selector(".boundary-table td.target, td.target")
    assert set(page.locator("td.target").all_inner_texts()) == {"no", "yes"}
    assert opened.said == []
