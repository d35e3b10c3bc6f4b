"""What the browser tests hold in their hands: the server as a process, a browser, a tab and its controls."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
from backscope.core import RunConfig, Trainer
from playwright.sync_api import ConsoleMessage, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
USUAL_SPEED = "60"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The address bar's windows, which nobody sees, are pages that cost each context as much as the page under test.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,AimEnabled,HttpsUpgrades,"
    "PaintHolding,MediaRouter,OptimizationHints",
]


def find_browser(playwright: Playwright) -> str:
    """The first Chromium or Chrome found: ``BACKSCOPE_BROWSER``, the path, the usual places, Playwright's own."""
    wanted = [
        os.environ.get("BACKSCOPE_BROWSER", ""),
        *(shutil.which(name) or "" for name in NAMES),
        *PLACES,
        playwright.chromium.executable_path,
    ]
    for place in wanted:
        if place and Path(place).exists():
            return place
    pytest.fail(
        "no Chromium or Chrome found: install one (Debian: apt install chromium; anywhere: playwright install "
        "chromium) or name it in BACKSCOPE_BROWSER"
    )


def link(config: dict[str, Any], step: int = 0) -> str:
    """The fragment of an address that opens a run at a step."""
    run = json.dumps({"config": config, "log": [], "step": step}).encode()
    return "run=" + base64.urlsafe_b64encode(run).decode().rstrip("=")


def value_of(text: str) -> float:
    """A number as the page writes it: −1.2×10⁻⁷, 1,234."""
    return float(text.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--", ",")).replace("×10", "e"))


@dataclass
class Backscope:
    """A server in a process of its own, as the command starts it; `said` holds the lines that it prints."""

    port: int = 0
    trainers: int = 1
    data_dir: Path | None = None
    options: tuple[str, ...] = ()
    token: str | None = None
    process: subprocess.Popen[str] | None = field(default=None, repr=False)
    said: list[str] = field(default_factory=list, repr=False)
    _listener: threading.Thread | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> "Backscope":
        command = [
            sys.executable,
            "-m",
            "backscope.server",
            "--no-browser",
            *(["--ephemeral"] if self.data_dir is None else ["--data-dir", str(self.data_dir)]),
            "--port",
            str(self.port or 8765),
            "--trainers",
            str(self.trainers),
            *self.options,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/")
        assert self.process.stdout is not None
        self._listener = threading.Thread(target=self._listen, args=(self.process.stdout,), daemon=True)
        for line in self.process.stdout:
            self.said.append(line)
            found = re.search(r"http://127\.0\.0\.1:(\d+)[\w/]*(?:#token=([\w-]+))?", line)
            if found:
                self.port, self.token = int(found.group(1)), found.group(2)
                self._listener.start()
                return self
        pytest.fail(f"backscope did not start: {''.join(self.said)}")

    def _listen(self, lines: IO[str]) -> None:
        for line in lines:
            self.said.append(line)

    def stop(self, *, kill: bool = False) -> None:
        if self.process is None:
            return
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(timeout=30)
        if self._listener is not None:
            self._listener.join(timeout=10)
        self.process = None


def long(*values: object) -> Any:
    """A case that is much like one of the others, and is left to the long tests."""
    return pytest.param(*values, marks=pytest.mark.long)


class Tab:
    """One browser tab on the page, and what a person does there."""

    def __init__(self, page: Page, *, first_visit: bool = False) -> None:
        self.page = page
        if not first_visit:  # who has been here before has seen the hints and chosen the whole page
            page.add_init_script(
                "try { localStorage['backscope:page'] ??= 'full'; localStorage['backscope:hints'] ??= 'done' } catch {}"
            )
        self.said: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", lambda e: self.said.append(f"exception: {e}"))

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    def open(self, url: str, query: str = "") -> "Tab":
        self.page.goto(url + (f"?{query}" if query else ""))
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        self.page.wait_for_selector('[data-role="play"]:enabled', timeout=15_000)

    def role(self, name: str) -> str:
        return f'[data-role="{name}"]'

    def text(self, name: str) -> str:
        return self.page.inner_text(self.role(name)).strip()

    def number(self, name: str) -> float:
        return value_of(self.text(name).replace("%", "").strip())

    def step(self) -> int:
        return int(self.text("step-count").replace(",", ""))

    def click(self, name: str) -> None:
        self.page.click(self.role(name))

    def play(self) -> None:
        if self.page.get_attribute(self.role("play"), "aria-pressed") == "false":
            self.click("play")
        self.page.wait_for_selector(self.role("play") + '[aria-pressed="true"]')

    def pause(self) -> None:
        if self.page.get_attribute(self.role("play"), "aria-pressed") == "true":
            self.click("play")
        self.page.wait_for_selector(self.role("play") + '[aria-pressed="false"]')
        self.settle()

    def train(self, steps: int, seconds: float = 15, *, speed: str = "300") -> None:
        """Play until more than so many steps are taken, and stand still; at this speed, unless another was chosen."""
        usual = self.page.input_value(self.role("speed")) == USUAL_SPEED
        if usual:
            self.choose("speed", speed)
        self.play()
        self.until(lambda: self.step() > steps, seconds, f"beyond step {steps}")
        self.pause()
        if usual:
            self.choose("speed", USUAL_SPEED)

    def edited_run(self) -> None:
        """Take three steps, raise η to 0.5, and take a fourth."""
        for n in range(1, 5):
            if n == 4:
                self.set_rate("0.5")
            self.click("step")
            self.until(lambda n=n: self.step() == n)  # type: ignore[misc]

    def twin(self, config: RunConfig) -> Trainer:
        """The core's own run of this configuration, as far as the page has come."""
        trainer = Trainer(config)
        trainer.run(self.step())
        return trainer

    def settle(self) -> int:
        """The step at which the count stands still, the picture of the run's last step having come."""
        self.page.wait_for_selector(self.role("step-count") + '[aria-busy="false"]', state="attached")
        last = -1
        while last != self.step():
            last = self.step()
            self.page.wait_for_timeout(120)
        return last

    def choose(self, name: str, value: str) -> None:
        self.page.select_option(self.role(name), value)

    def set_rate(self, rate: str) -> None:
        self.page.fill(self.role("learning-rate"), rate)
        self.page.press(self.role("learning-rate"), "Enter")

    def until(self, condition: Callable[[], bool], seconds: float = 15, what: str = "") -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                pytest.fail(
                    f"not within {seconds} s: {what or condition}; step {self.text('step-count')}, "
                    f"loss {self.text('loss')}, accuracy {self.text('accuracy')}, "
                    f"status {self.text('status')}; {self.said}; {self.page.locator('.toasts').inner_text()}"
                )
            self.page.wait_for_timeout(50)
