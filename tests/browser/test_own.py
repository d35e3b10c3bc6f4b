"""Own data: pasted or chosen, its defects told, and trained on like any data set."""

from driver import Backscope, Tab

DEFECTS = "id,height,colour,price\n1,1.5,red,3\n2,,blue,4.5\n3,abc,red,5\n4,3.5\n5,4,red,2\n"
PLANE = "height,weight,size\n" + "".join(f"{i % 9},{i % 7},{'big' if i % 9 > i % 7 else 'small'}\n" for i in range(90))


def test_a_table_is_judged_trained_on_and_survives_a_reload(opened: Tab) -> None:
    page = opened.page
    opened.choose("dataset", "own")
    page.fill(opened.role("own-text"), DEFECTS)
    page.wait_for_selector(opened.role("own-verdict") + '[data-kind="bad"]')
    rows = page.eval_on_selector_all(
        opened.role("own-defects") + " tbody tr", "all => all.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert rows == [
        ["–", "3 colour", "holds no numbers: learn it, or leave it out"],
        ["3", "2 height", "is empty"],
        ["4", "2 height", "“abc” is not a number"],
        ["5", "–", "has 2 fields, most rows have 4"],
    ]
    assert page.locator(opened.role("own-train")).is_disabled()
    file = {"name": "sizes.csv", "mimeType": "text/csv", "buffer": PLANE.encode()}
    page.set_input_files(opened.role("own-file"), file)  # type: ignore[arg-type]
    page.wait_for_selector(opened.role("own-verdict") + '[data-kind="good"]')
    assert opened.text("own-verdict") == "90 samples, 2 inputs, two classes: big, small"
    page.select_option(opened.role("own-target"), label="weight")
    page.select_option(opened.role("own-kind"), "regression")
    page.locator(".own-inputs .check", has_text="size").locator("input").uncheck()
    page.wait_for_function(
        "say => document.querySelector('[data-role=own-verdict]').textContent === say",
        arg="90 samples, one input, numbers (regression)",
    )
    page.select_option(opened.role("own-target"), label="size")
    page.select_option(opened.role("own-kind"), "")
    page.wait_for_selector(opened.role("own-verdict") + ':has-text("90 samples, 2 inputs, two classes")')
    opened.click("own-train")
    opened.until(lambda: page.input_value(opened.role("dataset")).startswith("own-"))
    page.wait_for_selector('.network-feature:has-text("height")')
    opened.train(30)
    step, loss = opened.step(), opened.text("loss")
    page.reload()
    opened.wait_ready()
    opened.until(lambda: opened.step() == step and opened.text("loss") == loss)
    assert page.inner_text(opened.role("dataset") + " option:checked") == "size (own)"
    opened.click("share")
    page.wait_for_selector('.toast:has-text("does not carry your own data")')
    assert opened.said == []


def test_a_server_that_has_lost_the_data_says_so_and_the_page_goes_on(tab: Tab, own_server: Backscope) -> None:
    tab.open(own_server.url, "lang=en")
    tab.click("own-open")
    tab.page.fill(tab.role("own-text"), PLANE)
    tab.page.wait_for_selector(tab.role("own-train") + ":enabled")
    tab.click("own-train")
    tab.until(lambda: tab.page.input_value(tab.role("dataset")).startswith("own-"))
    own_server.stop()
    own_server.start()
    tab.page.wait_for_selector('.toast:has-text("give the file again")')
    tab.wait_ready()
    tab.until(lambda: tab.page.input_value(tab.role("dataset")) == "circle")
    tab.click("step")
    tab.until(lambda: tab.step() == 1)
