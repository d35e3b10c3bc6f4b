"""Which kernels this processor can run, and whether the tests and the presets hold under each of them.

    python tests/bench/kernels.py [--part core server presets] [--kernel Haswell ...] [--list] [-- PYTEST OPTIONS]

NumPy's matrix products (OpenBLAS), its own loops (exp, tanh) and the C library beneath choose their code by the
processor, and each rounds in another way. Here they are made to choose otherwise: every choice is tried in a process of
its own, where an instruction that the processor lacks ends nothing else, and has to say itself which code it took.
Choices that come to the same code are run once. The exit status is the number of kernels under which a test failed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]

#: part -> what pytest is told to run.
PARTS = {
    "core": ("tests/core",),
    "server": ("tests/server",),
    "presets": ("tests/server/wire/test_claims.py", "-m", "long or not long"),
}

#: Kernels of OpenBLAS for x86 and ARM, of which one library knows some; the oldest first.
CORES = (
    *("Prescott", "Nehalem", "Barcelona", "Sandybridge", "Bulldozer", "Haswell", "Zen", "SkylakeX", "Cooperlake"),
    *("SapphireRapids", "ARMV8", "CortexA57", "NeoverseN1", "NeoverseV1", "NeoverseN2", "ARMV8SVE", "VORTEX"),
)

#: Says in JSON which code is in use, and a digest of what it computes, of the sizes that nets have.
PROBE = """
import hashlib, json, math
import numpy, threadpoolctl
rng, digest = numpy.random.default_rng(0), hashlib.sha256()
for n, m, k in [(4, 2, 10), (8, 8, 30), (30, 64, 10), (37, 41, 23), (64, 64, 50)]:
    a, b = rng.normal(size=(n, m)), rng.normal(size=(m, k))
    parts = [a @ b, a.T @ (a @ b), a @ b[:, 0], a.sum(axis=0), a.sum(axis=1)]
    parts += [f(numpy.abs(a)) for f in (numpy.exp, numpy.tanh, numpy.log1p, numpy.expm1, numpy.sin, numpy.sqrt)]
    for part in parts:
        digest.update(numpy.ascontiguousarray(part).tobytes() + part.astype(numpy.float32).tobytes())
    digest.update(json.dumps([math.exp(value) for value in a.ravel()]).encode())
libraries = [entry for entry in threadpoolctl.threadpool_info() if entry["user_api"] == "blas"]
print(json.dumps({
    "blas": sorted({entry.get("architecture", entry["internal_api"]) for entry in libraries}),
    "loops": numpy.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", []),
    "digest": digest.hexdigest(),
}))
"""


@dataclass(frozen=True)
class Kernel:
    """A choice of code, by the environment that asks for it."""

    name: str
    environment: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment of a process that computes with it, on one thread."""
        return {**os.environ, "OPENBLAS_NUM_THREADS": "1", **self.environment}


@dataclass(frozen=True)
class Probe:
    """What a process with a kernel said of itself; `trouble` where it could not."""

    blas: str = ""
    loops: tuple[str, ...] = ()
    digest: str = ""
    trouble: str = ""


def probe(kernel: Kernel) -> Probe:
    """Compute a little with a kernel, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=kernel.surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        died = signal.Signals(-done.returncode).name if done.returncode < 0 else f"exit status {done.returncode:#x}"
        return Probe(trouble=f"cannot run: {(done.stderr.strip().splitlines() or [died])[-1]}")
    told = json.loads(done.stdout)
    return Probe(", ".join(told["blas"]), tuple(told["loops"]), told["digest"])


def asked(loops: tuple[str, ...]) -> list[Kernel]:
    """Return all choices worth a try, where NumPy's loops use the given features; the environment as it is first.

    Features are taken away from the top, as older processors lack them. NumPy and OpenBLAS know no order between their
    choices, so each is made alone, and at last all of them at once: the oldest processor.
    """
    fewer = [" ".join(loops[kept:]) for kept in range(len(loops))]
    plain = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"}
    oldest = {"OPENBLAS_CORETYPE": CORES[0], **({"NPY_DISABLE_CPU_FEATURES": fewer[0]} if fewer else {}), **plain}
    return [
        Kernel("as it is"),
        *(Kernel(core, {"OPENBLAS_CORETYPE": core}) for core in CORES),
        *(Kernel(f"without {names}", {"NPY_DISABLE_CPU_FEATURES": names}) for names in reversed(fewer)),
        Kernel("C library without FMA", plain),
        Kernel("the oldest of all", oldest),
    ]


def found() -> tuple[dict[Kernel, Probe], dict[str, str]]:
    """Return the kernels that differ, with what they say, and why the others are left out."""
    kernels: dict[Kernel, Probe] = {}
    left: dict[str, str] = {}
    for kernel in asked(probe(Kernel("as it is")).loops):
        said = probe(kernel)
        twin = next((other.name for other, its in kernels.items() if its == said), None)
        if said.trouble or twin:
            left[kernel.name] = said.trouble or f"computes as {twin!r}"
        else:
            kernels[kernel] = said
    return kernels, left


@dataclass(frozen=True)
class Outcome:
    """What pytest counted."""

    passed: int
    failed: tuple[str, ...]
    seconds: float


def run(kernel: Kernel, part: str, options: list[str]) -> Outcome:
    """Run a part of the tests under a kernel."""
    with tempfile.TemporaryDirectory() as folder:
        report, start = Path(folder) / "report.xml", perf_counter()
        subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junit-xml={report}", *PARTS[part], *options],
            cwd=ROOT, env=kernel.surroundings, stdout=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    failed = [f"{c.get('classname')}::{c.get('name')}" for c in cases if {"failure", "error"} & {e.tag for e in c}]
    if not cases:
        failed.append(f"{part}: pytest reported nothing")
    return Outcome(len(cases) - len(failed), tuple(failed), perf_counter() - start)


def main() -> int:
    """Print the tables."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS), help="what to run, all without")
    ask.add_argument("--kernel", nargs="+", metavar="NAME", help="these kernels only")
    ask.add_argument("--list", action="store_true", help="say which kernels there are, and run nothing")
    ask.add_argument("options", nargs="*", help="for pytest, after --")
    given = ask.parse_args()
    kernels, left = found()
    unknown = set(given.kernel or ()) - {kernel.name for kernel in kernels}
    if unknown:
        ask.error("; ".join(f"{name}: {left.get(name, 'no such kernel')}" for name in sorted(unknown)))
    print("| kernel | matrix products | loops |\n| --- | --- | --- |")
    for kernel, said in kernels.items():
        print(f"| {kernel.name} | {said.blas} | {', '.join(said.loops) or 'baseline'} |")
    print("", *(f"{name} {why}" for name, why in left.items()), sep="\n", flush=True)
    if given.list:
        return 0
    chosen, failures = [k for k in kernels if given.kernel is None or k.name in given.kernel], 0
    print(f"\n| kernel | {' | '.join(given.part)} |\n| --- |{' --- |' * len(given.part)}")
    for kernel in chosen:
        outcomes = [run(kernel, part, given.options) for part in given.part]
        cells = [f"{o.passed} passed, {len(o.failed)} failed, {o.seconds:.0f} s" for o in outcomes]
        print(f"| {kernel.name} | {' | '.join(cells)} |", flush=True)
        bad = [name for outcome in outcomes for name in outcome.failed]
        print(*(f"  {name}" for name in bad), sep="\n", end="\n" * bool(bad), flush=True)
        failures += bool(bad)
    return failures


if __name__ == "__main__":
    sys.exit(main())
