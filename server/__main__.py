"""The command `backscope`: starts the server and opens the page."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import ipaddress
import multiprocessing
import re
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from .wire import log
from .wire.settings import Limits, Settings, cores, half_of_memory

if TYPE_CHECKING:
    from .classroom.elsewhere import Elsewhere
    from .front.abroad import Abroad
    from .front.jobs import MakeJobs

PORT = 8765
_PORTS_TRIED = 100
#: Linux's TCP_RTO_MAX_MS (since 6.15; Python has no name for it) and what it is set to. Else TCP waits twice as long
#: after each packet that was lost, and a network that is back is still waited for. It gives up after 15 tries, whatever
#: they take, unless it is told for how many ms to go on: for longer than who is silent is told that it is closed.
TCP_RTO_MAX_MS = 44
_LONGEST_WAIT, _PATIENCE = 1000, 60_000
#: What the first picture needs.
_FEWEST_LAYERS, _FEWEST_NEURONS = 2, 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.redis is None) != (options.address is None):
        parser.error("--redis and --address go together: where this server is found stands in Redis")
    if options.fan_out and options.redis is None:
        parser.error("--fan-out needs --redis and --address: rooms are handed on through Redis")
    if options.version:
        from importlib.metadata import version

        print(f"backscope {version('backscope')}")
        return 0
    log.use(options.log_format)
    try:
        settings = _settings(options)
        listener = listen(options.host, options.port)
    except ValueError as error:  # what is kept as the token is none
        print(f"backscope: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"backscope: cannot listen on {options.host}: {error.strerror or error}", file=sys.stderr)
        return 1
    with contextlib.closing(listener):
        with contextlib.suppress(KeyboardInterrupt):
            serve(listener, options, settings)
        for child in multiprocessing.active_children():
            child.kill()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backscope", description="See backpropagation happen, in your browser.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=PORT, help="port, or the next free one (default: %(default)s)")
    limits = Limits()
    trainers = "trainer processes at most, and half as many more for heavy nets (default: one per core; 0: none)"
    parser.add_argument("--trainers", type=_count, metavar="N", help=trainers)
    for name, (low, high), what in (
        ("layers", (_FEWEST_LAYERS, limits.layers), "hidden layers"),
        ("neurons", (_FEWEST_NEURONS, limits.neurons), "neurons in a layer"),
    ):
        words = f"most {what} of a network, {low} to {high} (default: %(default)s)"
        parser.add_argument(f"--max-{name}", type=_within(low, high), default=high, metavar="N", help=words)
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--data-dir", type=Path, metavar="DIR", help="where runs are kept (default: this user's data)")
    kept.add_argument("--ephemeral", action="store_true", help="keep no run longer than the server runs")
    before = parser.add_argument_group("behind a proxy or in another page (docs/administration.md)")
    address_words = "address or network of a proxy whose forwarded headers are believed; may be given several times"
    before.add_argument("--proxy", type=_network, action="append", default=[], metavar="ADDRESS", help=address_words)
    root_words = "what the page's address begins with behind a proxy, as in /backscope"
    before.add_argument("--root-path", type=_root_path, default="", metavar="PATH", help=root_words)
    for name, words in (
        ("origin", "another origin, as in https://school.example, whose pages may connect"),
        ("frame", "an origin whose pages may show this one in a frame"),
    ):
        several = f"{words}; may be given several times"
        before.add_argument(
            f"--allow-{name}", type=_origin, action="append", default=[], metavar="ORIGIN", help=several
        )
    lessons = "folder with more lessons, each in a folder of its own; may be given again"
    parser.add_argument("--lessons", type=_folder, action="append", default=[], metavar="FOLDER", help=lessons)
    ray_words = "a Ray cluster that maps and sweeps are computed on, as in auto or ray://host:10001 (docs/scaling.md)"
    parser.add_argument("--ray", type=_cluster, metavar="ADDRESS", help=ray_words)
    redis_words = "a Redis that tells which of several servers has a room, as in redis://host:6379 (docs/scaling.md)"
    parser.add_argument("--redis", type=_redis, metavar="URL", help=redis_words)
    own_words = "where students come to this one of several servers, as in https://b.school.example"
    parser.add_argument("--address", type=_page, metavar="URL", help=own_words)
    fan_words = "followers of rooms on other servers stay at this one, which has the rooms handed on through Redis"
    parser.add_argument("--fan-out", action="store_true", help=fan_words)
    log_words = "what it says of itself: text for people, only what is wrong, or json, a line a fact (default: text)"
    engine_words = "auto: machine code takes over where numba is installed (default); numpy: never"
    parser.add_argument("--engine", choices=("auto", "numpy"), default="auto", help=engine_words)
    parser.add_argument("--log-format", choices=log.FORMATS, default="text", help=log_words)
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    return parser


def _port(text: str) -> int:
    number = _count(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"a port must lie in [0, 65535], got {text}")
    return number


def _network(text: str) -> str:
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_network(text, strict=False))
    raise argparse.ArgumentTypeError(f"must be an address or a network, as in 127.0.0.1 or 10.0.0.0/8, got {text!r}")


def _root_path(text: str) -> str:
    if re.fullmatch(r"(/[A-Za-z0-9._~-]+)*/?", text) is None or re.search(r"/\.+(/|$)", text):
        raise argparse.ArgumentTypeError(f"must be a path, as in /backscope, got {text!r}")
    return text.rstrip("/")


def _origin(text: str) -> str:
    if re.fullmatch(r"https?://(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?", text) is None:
        raise argparse.ArgumentTypeError(f"must be an origin, as in https://school.example, got {text!r}")
    return text.lower()


def _folder(text: str) -> Path:
    folder = Path(text)
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"must be a folder, got {text!r}")
    return folder.resolve()


def _cluster(text: str) -> str:
    if find_spec("ray") is None:
        raise argparse.ArgumentTypeError('needs Ray, which is not installed: pip install "backscope[ray]"')
    if not text or text.split() != [text]:
        raise argparse.ArgumentTypeError(f"must be auto, host:port or ray://host:port, got {text!r}")
    return text


def _redis(text: str) -> str:
    if find_spec("redis") is None:
        raise argparse.ArgumentTypeError('needs the client of Redis: pip install "backscope[redis]"')
    if re.fullmatch(r"(rediss?|unix)://\S+", text) is None:
        raise argparse.ArgumentTypeError(f"must be a URL of Redis, as in redis://host:6379, got {text!r}")
    return text


def _page(text: str) -> str:
    if re.fullmatch(r"https?://[^\s?#]{1,100}", text) is None:
        raise argparse.ArgumentTypeError(f"must be the address of a page, as in https://b.school.example, got {text!r}")
    return text


def _within(low: int, high: int) -> Callable[[str], int]:
    def check(text: str) -> int:
        number = _count(text)
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"must lie in [{low}, {high}], got {text}")
        return number

    return check


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, got {text!r}")
    return int(text)


def _settings(options: argparse.Namespace) -> Settings:
    """Return what the options ask for; a host token unless nothing but this machine can come here.

    Raises
    ------
    ValueError
        If what is kept as the token is none.
    """
    from platformdirs import user_data_path

    from .front.token import kept_token

    alone = is_loopback(options.host) and not options.proxy and not options.root_path
    data_dir = None if options.ephemeral else options.data_dir or user_data_path("backscope", appauthor=False)
    return Settings(
        trainers=cores() if options.trainers is None else options.trainers,
        local=alone,
        token=None if alone else kept_token(data_dir),
        root_path=options.root_path,
        origins=tuple(options.allow_origin),
        frames=tuple(options.allow_frame),
        limits=Limits(
            layers=options.max_layers,
            neurons=options.max_neurons,
            memory_bytes=half_of_memory(),
            machine_code=options.engine == "auto",
        ),
        data_dir=data_dir,
        lessons=tuple(options.lessons),
    )


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket at `port`, or at the next that is free.

    Raises
    ------
    OSError
        If the address is not one of this machine's, or nothing near the port is free.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    last = min(port + _PORTS_TRIED, 65535)
    for number in range(port, last + 1):
        listener = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there, it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _be_prompt(listener)
        try:
            listener.bind((address[0], number))
            listener.listen(2048)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE or number == last:
                raise
        else:
            return listener
    raise AssertionError("the loop returns or raises")


def _be_prompt(listener: socket.socket) -> None:
    """Have what is lost on the way sent again soon, on all connections to come, where the system can."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # an older one
            listener.setsockopt(socket.IPPROTO_TCP, TCP_RTO_MAX_MS, _LONGEST_WAIT)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _PATIENCE)


def _jobs(ray: str | None) -> MakeJobs | None:
    """Return what makes jobs that have a Ray cluster behind them, where there is one."""
    if ray is None:
        return None
    from .cluster.jobs import on_cluster

    return on_cluster(ray)


def _others(options: argparse.Namespace) -> tuple[Callable[[], Elsewhere] | None, Callable[[], Abroad] | None]:
    """Return what makes the directory of the rooms of several servers, and what hands them on, where there are such."""
    if options.redis is None:
        return None, None
    from .cluster.directory import directory_at

    if not options.fan_out:
        return lambda: directory_at(options.redis, options.address), None
    from .cluster.fan_out import fan_out_at

    name = secrets.token_hex(8)  # another at each start: who knew the one before finds out
    return (
        lambda: directory_at(options.redis, options.address, name),
        lambda: fan_out_at(options.redis, options.address, name),
    )


def serve(listener: socket.socket, options: argparse.Namespace, settings: Settings) -> None:
    """Serve until somebody ends it, and say where once it answers."""
    import uvicorn

    from .front.app import create_app
    from .front.direct import DirectSocket
    from .front.intake import MOST_MESSAGE, BoundedHttp, most_connections
    from .front.token import TOKEN_FILE

    app = create_app(settings, _jobs(options.ray), *_others(options))
    BoundedHttp.most = most_connections()
    config = uvicorn.Config(
        app,
        log_level="critical",  # what can go wrong for a user is said by the page
        access_log=False,
        ws_per_message_deflate=False,  # costs 5 ms per large frame and saves 4 %
        http=BoundedHttp,
        ws=DirectSocket,
        proxy_headers=bool(options.proxy),  # anybody else could name any address as its own
        forwarded_allow_ips=options.proxy or None,
        ws_max_size=MOST_MESSAGE,
        timeout_graceful_shutdown=1,
        server_header=False,
        date_header=False,  # it would be as old as the server: see `main_loop`
    )
    port = listener.getsockname()[1]
    taken = f" (port {options.port} is taken)" if options.port not in (0, port) else ""
    url = address(options.host, port, settings.token, settings.root_path)
    told = url
    if options.log_format == "json" and settings.token and settings.data_dir:  # what is printed is logged
        bare = address(options.host, port, None, settings.root_path)
        told = f"{bare} (its token lies in {settings.data_dir / TOKEN_FILE})"

    class Server(uvicorn.Server):
        end: Callable[[], object] = staticmethod(lambda: None)

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            self.force_exit, self.should_exit = self.should_exit, True
            self.end()

        async def main_loop(self) -> None:
            """Wait for the end. What this replaces looks ten times a second: that is most of what a rest would cost."""
            loop, over = asyncio.get_running_loop(), asyncio.Event()
            self.end = lambda: loop.call_soon_threadsafe(over.set)
            if not self.should_exit:
                await over.wait()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            if app.state.streams is not None:
                app.state.streams.close()  # a response without an end would be waited for
            await super().shutdown(sockets)
            log.note("server_ended")

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            log.note("server_started", port=port, trainers=settings.trainers, asks_token=settings.token is not None)
            print(f"Backscope runs at {told}{taken}; Ctrl-C ends it.", flush=True)
            if not options.no_browser:
                threading.Thread(target=_open_browser, args=(url,), daemon=True).start()

    Server(config).run([listener])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def address(host: str, port: int, token: str | None, root_path: str = "") -> str:
    """Return the link to the page. Whoever has the token in its fragment is in control; it never leaves the browser."""
    if host in ("", "0.0.0.0", "::"):
        host = _own_address()
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}{root_path}/" + (f"#token={token}" if token else "")


def _own_address() -> str:
    """Return the address of this machine in its network: the one it would send from. Nothing is sent."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def _open_browser(url: str) -> None:
    import webbrowser

    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(url)


if __name__ == "__main__":
    sys.exit(main())
