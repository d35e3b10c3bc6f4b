"""The command that runs the tests under every kernel knows what a processor can run, and what it cannot."""

import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import kernels


def test_the_environment_as_it_is_can_run_and_says_what_it_uses() -> None:
    said = kernels.probe(kernels.Kernel("as it is"))
    assert not said.trouble
    assert said.blas
    assert said.digest == kernels.probe(kernels.Kernel("again")).digest


def test_a_process_that_dies_of_an_instruction_is_only_a_kernel_that_cannot_run(monkeypatch) -> None:
    monkeypatch.setattr(kernels, "PROBE", f"import os; os.kill(os.getpid(), {int(signal.SIGILL)})")
    assert kernels.probe(kernels.Kernel("newer")).trouble == "cannot run: SIGILL"
    monkeypatch.setattr(kernels, "PROBE", "raise SystemExit('no such library')")
    assert kernels.probe(kernels.Kernel("strange")).trouble == "cannot run: no such library"


def test_kernels_that_compute_alike_are_run_once_and_the_others_each(monkeypatch) -> None:
    said = {
        "as it is": kernels.Probe("Haswell", ("A", "B"), "1"),
        "Haswell": kernels.Probe("Haswell", ("A", "B"), "1"),
        "Prescott": kernels.Probe("Katmai", ("A", "B"), "2"),
        "without B": kernels.Probe("Haswell", ("A",), "1"),
        "SkylakeX": kernels.Probe(trouble="cannot run: SIGILL"),
    }
    monkeypatch.setattr(kernels, "probe", lambda kernel: said.get(kernel.name, said["as it is"]))
    found, left = kernels.found()
    assert [kernel.name for kernel in found] == ["as it is", "Prescott", "without B"]
    assert left["SkylakeX"] == "cannot run: SIGILL"
    assert left["Haswell"] == "computes as 'as it is'"


@pytest.mark.parametrize("loops", [(), ("A",), ("A", "B", "C")])
def test_features_of_loops_are_taken_away_from_the_top(loops: tuple[str, ...]) -> None:
    without = [k.environment["NPY_DISABLE_CPU_FEATURES"] for k in kernels.asked(loops) if k.name.startswith("without")]
    assert without == [" ".join(loops[kept:]) for kept in reversed(range(len(loops)))]
    assert kernels.asked(loops)[0].environment == {}


def test_a_failure_is_told_by_its_name(tmp_path: Path, monkeypatch) -> None:
    test = tmp_path / "test_one.py"
    test.write_text("def test_right(): pass\n\ndef test_wrong(): assert False\n")
    monkeypatch.setitem(kernels.PARTS, "made up", (str(test), "-c", "/dev/null", "--rootdir", str(tmp_path)))
    outcome = kernels.run(kernels.Kernel("as it is"), "made up", [])
    assert (outcome.passed, len(outcome.failed)) == (1, 1)
    assert outcome.failed[0].endswith("test_wrong")
