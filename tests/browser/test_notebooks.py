"""`show` where people work: JupyterLab, its exports, and marimo, in Chromium; needs the extra `test-long`."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from blocks import opened
from playwright.sync_api import Browser, Frame, Page, Request, Route

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
#: Seconds for anything to come about on however busy a machine.
PATIENCE = 120
RUN = """from backscope.core import RunConfig, Trainer
from backscope.server import show

config = {"data": {"name": "spiral", "samples": 60}, "network": {"hidden": [4]}}
trainer = Trainer(RunConfig.from_json(config))
trainer.run(50)
shown = show(trainer, height=700)
shown"""


def eventually(found: Callable[[], Any], what: str, page: Page) -> Any:
    """Return what is found, once it is."""
    end = time.monotonic() + PATIENCE
    while not (wanted := found()):
        assert time.monotonic() < end, what
        page.wait_for_timeout(200)
    return wanted


def steps_of(frame: Frame) -> str:
    """Return the step that a page says it is at; nothing while it says none."""
    try:
        found = frame.query_selector('[data-role="step-count"]')
        return "" if found is None else found.inner_text().strip()
    except Exception:  # it is on its way to another page
        return ""


def frame_at(page: Page, step: int, *, recorded: bool) -> Frame:
    """Return the frame that shows a run at a step: of a server, or recorded."""

    def found() -> Frame | None:
        for frame in page.frames:
            if steps_of(frame) == str(step) and (frame.url == "about:srcdoc") == recorded:
                return frame
        return None

    frame: Frame = eventually(found, f"step {step}; {[(f.url[:60], steps_of(f)) for f in page.frames]}", page)
    return frame


def notebook_of(*cells: str) -> str:
    """Return a notebook whose cells are not yet executed."""
    cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {
            "cells": [{**cell, "id": f"cell-{k}", "source": text} for k, text in enumerate(cells)],
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment of its own for Jupyter, whose kernel is this Python."""
    return {**os.environ, "HOME": str(folder / "home"), "JUPYTER_ALLOW_INSECURE_WRITES": "1", **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """Something that serves pages at an address, from a process of its own."""

    def __init__(self, url: str, folder: Path, *command: str, **more: str) -> None:
        self.url = url
        with open(folder / "said.txt", "w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command], stdout=said, stderr=said, env=environment(folder, **more), cwd=folder
            )
        end = time.monotonic() + PATIENCE
        while not answers(url):
            assert time.monotonic() < end, (folder / "said.txt").read_text()
            assert self.process.poll() is None, (folder / "said.txt").read_text()
            time.sleep(0.3)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:  # it waits for kernels that have no time
            self.process.kill()


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True


class Lab(Process):
    """JupyterLab as a process."""

    def __init__(self, folder: Path, base: str = "/", **more: str) -> None:
        port = free_port()
        command = [
            *("jupyterlab", "--no-browser", "--allow-root", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
            *("--ServerApp.ip=127.0.0.1", f"--ServerApp.base_url={base}", f"--ServerApp.root_dir={folder}"),
            *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
        ]
        super().__init__(f"http://127.0.0.1:{port}{base}", folder, *command, **more)

    def open(self, page: Page, name: str) -> None:
        """Open a notebook, and wait for its cells."""
        page.goto(f"{self.url}lab/tree/{name}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE * 1000)

    def end_kernels(self) -> None:
        """Kill all kernels, as the menu does."""
        for kernel in json.load(urllib.request.urlopen(f"{self.url}api/kernels")):
            asked = urllib.request.Request(f"{self.url}api/kernels/{kernel['id']}", method="DELETE")
            urllib.request.urlopen(asked).close()


@contextmanager
def lab_in(folder: Path, **more: str) -> Iterator[Lab]:
    lab = Lab(folder, **more)
    try:
        yield lab
    finally:
        lab.stop()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 1000}, locale="en-US")
    yield context.new_page()
    context.close()


def execute(page: Page, cell: int) -> None:
    """Execute a cell once the kernel is there; what is pressed before is lost."""
    prompt = page.locator(".jp-Notebook .jp-Cell .jp-InputPrompt").nth(cell)

    def taken() -> bool:
        if page.query_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]') is not None:
            page.locator(".jp-Notebook .jp-Cell .cm-content").nth(cell).click()
            page.keyboard.press("Shift+Enter")
            page.wait_for_timeout(1000)
        return prompt.inner_text().strip() != "[ ]:"

    eventually(taken, "the cell to be executed", page)


def save(page: Page, file: Path, holds: str) -> None:
    page.keyboard.press("Control+s")
    eventually(lambda: holds in file.read_text("utf-8"), f"{holds} in the saved notebook", page)


def picture_is_there(page: Page) -> bool:
    """Whether the picture below the frame has been painted."""
    script = "[...document.querySelectorAll('img[alt^=Backscope]')].some(one => one.naturalWidth > 300)"
    return bool(page.evaluate(script))


def converted(file: Path) -> Path:
    """Return a notebook as nbconvert exports it."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(file.parent), str(file)]
    subprocess.run(command, check=True, capture_output=True, env=environment(file.parent))
    return file.with_suffix(".html")


def test_jupyterlab_has_the_page_live_stopped_saved_and_without_a_kernel(page: Page, tmp_path: Path) -> None:
    pytest.importorskip("jupyterlab")
    file = tmp_path / "run.ipynb"
    file.write_text(notebook_of(RUN, "shown.stop()"), "utf-8")
    with lab_in(tmp_path) as lab:
        lab.open(page, file.name)
        execute(page, 0)
        live = frame_at(page, 50, recorded=False)
        with page.expect_popup() as opened:
            live.click("text=Open in a tab of its own")
        frame_at(opened.value, 50, recorded=False)
        opened.value.close()
        live.click('[data-role="step"]')
        frame_at(page, 51, recorded=False)
        save(page, file, "srcdoc")
        before = tmp_path / "never-stopped.ipynb"
        shutil.copy(file, before)
        execute(page, 1)
        frame_at(page, 51, recorded=True)
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=PATIENCE * 1000)
        save(page, file, '"execution_count": 2')
    with lab_in(tmp_path) as lab:  # another day
        lab.open(page, file.name)
        lab.end_kernels()
        replay = frame_at(page, 51, recorded=True)
        replay.click('[data-role="reset"]')
        frame_at(page, 0, recorded=True)
        lab.open(page, before.name)
        lab.end_kernels()
        frame_at(page, 50, recorded=True)
        untrusted = tmp_path / "untrusted.ipynb"
        untrusted.write_text(before.read_text("utf-8").replace('"execution_count": 1', '"execution_count": 7'), "utf-8")
        changed = json.loads(untrusted.read_text("utf-8"))
        changed["cells"][1]["source"] = "print('somebody else has written this')"
        untrusted.write_text(json.dumps(changed), "utf-8")
        lab.open(page, untrusted.name)
        eventually(lambda: picture_is_there(page), "the picture of a notebook that is not trusted", page)
        assert page.query_selector(".jp-OutputArea iframe") is None


def test_a_kernel_that_is_killed_leaves_the_recording(page: Page, tmp_path: Path) -> None:
    pytest.importorskip("jupyterlab")
    file = tmp_path / "run.ipynb"
    file.write_text(notebook_of(RUN), "utf-8")
    with lab_in(tmp_path) as lab:
        lab.open(page, file.name)
        execute(page, 0)
        live = frame_at(page, 50, recorded=False)
        address = live.url.partition("#")[0]
        save(page, file, "srcdoc")
        lab.end_kernels()

        eventually(lambda: not answers(address), "the server to end with its kernel", page)
        lab.open(page, file.name)
        frame_at(page, 50, recorded=True)


def test_behind_a_hub_it_comes_through_the_proxy_of_the_environment(page: Page, tmp_path: Path) -> None:
    """As JupyterHub has it: a path before everything, and jupyter-server-proxy."""
    pytest.importorskip("jupyter_server_proxy")
    file = tmp_path / "run.ipynb"
    file.write_text(notebook_of(RUN), "utf-8")
    with lab_in(tmp_path, base="/user/ada/", JUPYTERHUB_SERVICE_PREFIX="/user/ada/") as lab:
        lab.open(page, file.name)
        execute(page, 0)
        live = frame_at(page, 50, recorded=False)
        assert re.match(re.escape(lab.url) + r"proxy/\d+/", live.url)
        live.click('[data-role="step"]')
        frame_at(page, 51, recorded=False)


def test_an_executed_notebook_is_exported_with_the_recording(page: Page, tmp_path: Path) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    file = tmp_path / "run.ipynb"
    book = nbformat.reads(notebook_of(RUN, "trainer.step()\nshown.stop()"), 4)
    nbclient.NotebookClient(book, timeout=PATIENCE, kernel_name="python3").execute()
    nbformat.write(book, file)
    page.route(re.compile("https://.*"), lambda route: route.abort())  # the libraries that exports load
    page.goto(converted(file).as_uri())
    frame_at(page, 50, recorded=True)


WIDGET = """from backscope.core import RunConfig, Trainer
from backscope.server import widget

trainer = Trainer(RunConfig.from_json({"data": {"name": "spiral", "samples": 60}, "network": {"hidden": [4]}}))
trainer.run(10)
net = widget(trainer)
net"""
#: Saves the widgets' state with each notebook, as a tick in JupyterLab's menu *Settings* does.
SAVE_STATE = ".jupyter/lab/user-settings/@jupyter-widgets/jupyterlab-manager/plugin.jupyterlab-settings"


def small_views(page: Page) -> list[str]:
    """Return what the small views of a notebook say of their runs, "" for one that has painted nothing."""
    script = """() => {
      const inked = [...document.querySelectorAll("canvas")].some(sheet => sheet.width && sheet.height &&
        sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height).data.some(x => x));
      return inked ? document.querySelector("[data-role=small-standing]").textContent : "";
    }"""
    found = []
    for frame in page.frames:
        try:
            if frame.query_selector(".small-standing") is not None:
                found.append(str(frame.evaluate(script)))
        except Exception:  # it is on its way to another page
            found.append("")
    return found


def views_at(page: Page, step: int, count: int) -> None:
    """Wait for so many small views, all of them at a step."""

    def there() -> bool:
        shown = small_views(page)
        return len(shown) == count and all(words.startswith(f"step {step} ") for words in shown)

    eventually(there, f"{count} small views at step {step}; {small_views(page)}", page)


def test_small_views_follow_a_loop_and_are_there_without_its_kernel(page: Page, tmp_path: Path) -> None:
    """Several widgets, one of them in two outputs, a cell that is executed again, theme, and the saved state."""
    pytest.importorskip("jupyterlab")
    pytest.importorskip("anywidget")
    setting = tmp_path / "home" / SAVE_STATE
    setting.parent.mkdir(parents=True)
    setting.write_text('{"saveState": true}', "utf-8")
    file = tmp_path / "run.ipynb"
    loop = "for _ in range(290):\n    trainer.step()"
    more = [f'widget(trainer, "{view}")' for view in ("gradients", "loss", "surface")]
    file.write_text(notebook_of(WIDGET, *more, "net", loop), "utf-8")
    with lab_in(tmp_path) as lab:
        page.set_viewport_size({"width": 1366, "height": 2600})
        lab.open(page, file.name)
        for cell in range(5):
            execute(page, cell)
        views_at(page, 10, 5)
        execute(page, 5)
        views_at(page, 300, 5)
        execute_again(page, 1)
        views_at(page, 300, 5)
        frame = next(frame for frame in page.frames if frame.query_selector(".small-standing") is not None)
        assert frame.evaluate("document.documentElement.dataset.theme") == "light"
        page.evaluate("document.body.style.setProperty('--jp-layout-color0', '#111')")
        page.evaluate("document.body.style.setProperty('--jp-cell-editor-background', '#111')")
        page.evaluate("document.body.style.setProperty('--jp-layout-color1', '#111')")
        eventually(lambda: frame.evaluate("document.documentElement.dataset.theme") == "dark", "the dark theme", page)
        before = frame.evaluate("innerWidth")
        page.set_viewport_size({"width": 900, "height": 2600})
        eventually(lambda: frame.evaluate("innerWidth") < before - 200, "a narrower view", page)
        save(page, file, "application/vnd.jupyter.widget-state+json")
    with lab_in(tmp_path) as lab:
        lab.open(page, file.name)
        lab.end_kernels()
        views_at(page, 300, 5)


def execute_again(page: Page, cell: int) -> None:
    """Execute a cell that has been executed, and wait for its new number."""
    prompt = page.locator(".jp-Notebook .jp-Cell .jp-InputPrompt").nth(cell)
    before = prompt.inner_text()
    page.locator(".jp-Notebook .jp-Cell .cm-content").nth(cell).click()
    page.keyboard.press("Shift+Enter")
    eventually(lambda: prompt.inner_text() not in (before, "[*]:"), "the cell to be executed again", page)


def test_an_executed_notebook_is_exported_with_the_state_of_its_small_views(tmp_path: Path) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    pytest.importorskip("anywidget")
    book = nbformat.reads(notebook_of(WIDGET, "trainer.run(40)\nnet.update()"), 4)
    nbclient.NotebookClient(book, timeout=PATIENCE, kernel_name="python3").execute()
    states = book.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    (kept,) = [state for state in states if state["state"].get("view") == "network"]
    numbers = [entry["data"] for entry in kept["buffers"] if entry["path"] == ["numbers"]]
    _, binaries = opened(base64.b64decode(numbers[0]))
    assert binaries["frame"][0]["step"] == 50


MARIMO = """import marimo

app = marimo.App()


@app.cell
def _():
@RUN@
    return


if __name__ == "__main__":
    app.run()
"""


def marimo_app(folder: Path, run: str = RUN) -> Path:
    file = folder / "app.py"
    file.write_text(MARIMO.replace("@RUN@", "".join(f"    {line}\n" for line in run.splitlines()).rstrip()), "utf-8")
    return file


@contextmanager
def marimo_in(folder: Path, mode: str, app: Path) -> Iterator[Process]:
    (folder / "pyproject.toml").write_text("[tool.marimo.runtime]\nauto_instantiate = true\n", "utf-8")
    port = free_port()
    options = ["--headless", "--no-token", "--host", "127.0.0.1", "--port", str(port)]
    marimo = Process(f"http://127.0.0.1:{port}/", folder, "marimo", "-y", mode, *options, str(app))
    try:
        yield marimo
    finally:
        marimo.stop()


@pytest.mark.parametrize("mode", ["run", "edit"])
def test_marimo_has_small_views_that_follow_a_loop(page: Page, tmp_path: Path, mode: str) -> None:
    pytest.importorskip("marimo")
    pytest.importorskip("anywidget")
    loop = "for _ in range(190):\n    trainer.step()\nnet.update()\n[net, widget(trainer, 'loss')]"
    loop = f"{WIDGET.removesuffix('net')}{loop}"
    with marimo_in(tmp_path, mode, marimo_app(tmp_path, loop)) as marimo:
        page.goto(marimo.url)
        views_at(page, 200, 2)


def from_marimo_itself(page: Page) -> None:
    """Serve what an exported page of marimo asks its network for from the files of the package."""
    marimo = pytest.importorskip("marimo")
    static = Path(marimo.__file__).parent / "_static"

    def answer(route: Route, request: Request) -> None:
        found = static / re.sub(r".*/dist/", "", request.url.partition("?")[0])
        if found.is_file():
            route.fulfill(path=found, headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.abort()

    page.route(re.compile(r"https://.*"), answer)


@pytest.mark.parametrize("mode", ["run", "edit"])
def test_marimo_has_the_page_live(page: Page, tmp_path: Path, mode: str) -> None:
    pytest.importorskip("marimo")
    with marimo_in(tmp_path, mode, marimo_app(tmp_path)) as marimo:
        page.goto(marimo.url)
        live = frame_at(page, 50, recorded=False)
        live.click('[data-role="step"]')
        frame_at(page, 51, recorded=False)


def test_what_marimo_exports_has_the_recording(page: Page, tmp_path: Path) -> None:
    pytest.importorskip("marimo")
    file, out = marimo_app(tmp_path), tmp_path / "out.html"
    command = [sys.executable, "-m", "marimo", "-y", "export", "html", str(file), "-o", str(out)]
    subprocess.run(command, check=True, capture_output=True, env=environment(tmp_path), cwd=tmp_path)
    from_marimo_itself(page)
    page.goto(out.as_uri())
    frame_at(page, 50, recorded=True)
