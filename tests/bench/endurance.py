"""Whether hours of training cost anything: the page's memory and long tasks, and the memory of the server's processes.

    python tests/bench/endurance.py [--minutes 30] [--net 64]

Trains as fast as it can with the inspector open, and prints a row a minute: tasks over 50 ms in that minute; after a
collection of garbage, the page's heap, its DOM nodes and listeners; the resident memory of the server's processes.
The last line compares the last third with the middle one: what grows for good shows there.
"""

import argparse
import statistics
import subprocess

from browsing import NETS, counting, heading, inspect_neuron, metrics, opened, row, running


def resident(pid: int) -> list[float]:
    """Resident memory of a process and of its children, in MB, the process first."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    return [rss / 1024 for own, parent, rss in sorted(rows, key=lambda row: row[0] != pid) if pid in (own, parent)]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--minutes", type=int, default=30)
    ask.add_argument("--net", default="2-8", help="the start of the net's name: " + ", ".join(NETS))
    options = ask.parse_args()
    name = next(each for each in NETS if each.startswith(options.net))
    print(
        f"{name}\n\n"
        + heading("minute", "step", "heap MB", "nodes", "listeners", "processes MB", "long tasks, longest ms")
    )
    seen = []
    with running() as (server, browser):
        assert server.process is not None
        tab = opened(browser, server.url, name)
        tab.choose("speed", "0")
        tab.play()
        inspect_neuron(tab)
        session = counting(tab)
        for minute in range(options.minutes + 1):
            long = tab.page.evaluate("__watch.long")
            session.send("HeapProfiler.collectGarbage")
            now, memory = metrics(session), resident(server.process.pid)
            heap = now["JSHeapUsedSize"] / 2**20
            seen.append((heap, now["Nodes"], sum(memory)))
            print(
                row(
                    minute,
                    tab.step(),
                    f"{heap:.2f}",
                    int(now["Nodes"]),
                    int(now["JSEventListeners"]),
                    ", ".join(f"{size:.0f}" for size in memory),
                    f"{len(long)}, {max(long, default=0):.0f}",
                ),
                flush=True,
            )
            tab.page.wait_for_timeout(500)  # the collection itself is a long task, and not the page's
            tab.page.evaluate("__watch.long.length = __watch.drawn.length = 0")
            if minute < options.minutes:
                tab.page.wait_for_timeout(59_500)
    third = max(1, len(seen) // 3)
    middle, last = (
        [statistics.mean(column) for column in zip(*part, strict=True)]
        for part in (seen[-2 * third : -third], seen[-third:])
    )
    print(
        "\nlast third against the middle one: "
        + ", ".join(
            f"{what} {b - a:+.2f}"
            for what, a, b in zip(("heap MB", "nodes", "processes MB"), middle, last, strict=True)
        )
    )


if __name__ == "__main__":
    main()
