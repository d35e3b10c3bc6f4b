"""The command by itself: what it takes and refuses, where it listens, and the link that it tells."""

import socket
import subprocess
import sys
from contextlib import closing

import pytest
from backscope.server.__main__ import TCP_RTO_MAX_MS, address, is_loopback, listen, main


@pytest.mark.parametrize(
    "wrong",
    [
        ("--proxy", "*"),
        ("--proxy", "proxy.example"),
        ("--root-path", "lab"),
        ("--root-path", "/a/../b"),
        ("--root-path", "/a b"),
        ("--allow-origin", "school.example"),
        ("--allow-frame", "https://a.example; script-src *"),
        ("--allow-frame", "*"),
        ("--allow-frame", "https://a.example/path"),
    ],
)
def test_an_option_that_would_open_more_than_it_says_is_refused(
    wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(wrong)
    assert wrong[1] in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_and_version_load_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys; from backscope.server.__main__ import main\n"
        f"try: main({arguments})\nexcept SystemExit: pass\n"
        "assert not {'numpy', 'fastapi', 'uvicorn'} & set(sys.modules), 'loaded'"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd="/", check=True)
    assert "backscope" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["--port", "x"], ["--port", "70000"], ["--trainers", "-1"], ["--max-layers", "65"], ["--max-neurons", "0"],
     ["--nothing"]],
)  # fmt: skip
def test_wrong_arguments_are_refused_in_words(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert "backscope: error" in capsys.readouterr().err


def test_an_address_of_another_machine_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "192.0.2.1"]) == 1
    assert "cannot listen on 192.0.2.1" in capsys.readouterr().err


def test_a_listening_socket_holds_its_port() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] != port
        with socket.create_connection(("127.0.0.1", port)):
            pass


def test_links_are_what_a_browser_can_open() -> None:
    assert address("127.0.0.1", 80, None) == "http://127.0.0.1:80/"
    assert address("::1", 8765, None) == "http://[::1]:8765/"
    assert address("10.0.0.1", 8765, "abc") == "http://10.0.0.1:8765/#token=abc"
    assert "0.0.0.0" not in address("0.0.0.0", 8765, "abc")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.org", False),
    ],
)
def test_loopback_is_known(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.skipif(sys.platform != "linux", reason="no other system has the option")
def test_what_is_lost_on_the_way_is_sent_again_within_a_second_on_every_connection() -> None:
    with closing(listen("127.0.0.1", 0)) as listener:
        try:
            listener.getsockopt(socket.IPPROTO_TCP, TCP_RTO_MAX_MS)
        except OSError:
            pytest.skip("this Linux has no such option yet")
        with closing(socket.create_connection(listener.getsockname())), closing(listener.accept()[0]) as here:
            assert here.getsockopt(socket.IPPROTO_TCP, TCP_RTO_MAX_MS) == 1000
            assert here.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) > 55_000  # 40 s, and 15 to end it
