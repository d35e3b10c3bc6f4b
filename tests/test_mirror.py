"""The tests mirror the modules: each has a test of its name, or one of another name that is said to cover it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

#: Modules whose tests go by another name, below `tests/`, and why it is there. A new module has a test of its own name.
ELSEWHERE = {
    # A script or a notebook is right as a whole: it is run.
    "core/export/described.py": "core/export/test_numpy_script.py",
    "core/export/network_code.py": "core/export/test_numpy_script.py",
    "core/export/numbers.py": "core/export/test_formats.py",
    "core/export/pieces.py": "core/export/test_numpy_script.py",
    "core/export/rules.py": "core/export/test_numpy_script.py",
    "core/export/training_code.py": "core/export/test_numpy_script.py",
    # An ensemble is right where it does what its runs do alone; a store, where what is kept comes back.
    "core/run/compiled_steps.py": "core/run/test_compiled.py",
    "core/ensemble/block.py": "core/ensemble/test_ensemble.py",
    "core/ensemble/compiled_map.py": "core/ensemble/test_compiled.py",
    "core/ensemble/compiled_steps.py": "core/ensemble/test_side_by_side.py",
    "core/ensemble/stack.py": "core/ensemble/test_ensemble.py",
    "core/nets/compiled_many.py": "core/ensemble/test_side_by_side.py",
    "server/session/commands/sweep.py": "server/panels/test_sweep.py",
    # What is kept of an engine is right where the engine comes back to it.
    "core/run/engine_state.py": "core/run/test_engine.py",
    # Commands, each through a whole session.
    "server/session/commands/agreement.py": "server/session/test_agreement.py",
    "server/session/commands/bring_in.py": "server/session/test_bring_in.py",
    "server/session/commands/edits.py": "server/session/test_session.py",
    "server/session/commands/forecast.py": "server/run/test_forecast.py",
    "server/session/commands/graph.py": "server/panels/test_chain_graph.py",
    "server/session/commands/inspection.py": "server/panels/test_inspection.py",
    "server/session/commands/laboratory.py": "server/panels/test_laboratory.py",
    "server/session/commands/lanes.py": "server/session/test_lanes.py",
    "server/session/commands/maps.py": "server/panels/test_maps.py",
    "server/session/commands/surface.py": "server/panels/test_surfaces.py",
    "server/session/commands/table.py": "server/session/test_commands.py",
    "server/session/commands/take_away.py": "server/session/test_take_away.py",
    "server/session/commands/views.py": "server/session/test_session.py",
    # A training is watched as a whole; what is served is the page of `show`.
    "server/notebook/seen.py": "server/notebook/test_hooks.py",
    "server/notebook/served.py": "server/notebook/test_show.py",
    "server/notebook/torch_numbers.py": "server/notebook/test_watch.py",
    # What is said, and to whom, in whole conversations.
    "server/classroom/elsewhere.py": "server/cluster/test_directory.py",
    "server/cluster/far_copies.py": "server/cluster/test_fan_out.py",
    "server/cluster/far_audience.py": "server/cluster/test_fan_out.py",
    "server/cluster/guests.py": "server/cluster/test_fan_out.py",
    "server/cluster/home.py": "server/cluster/test_fan_out.py",
    "server/cluster/house.py": "server/cluster/test_fan_out.py",
    "server/cluster/relay.py": "server/cluster/test_fan_out.py",
    "server/front/abroad.py": "server/cluster/test_fan_out.py",
    "server/wire/log.py": "server/front/test_metrics.py",
    "server/front/commands.py": "server/front/test_registry.py",
}

MODULES = [
    path.relative_to(ROOT).as_posix()
    for top in ("core", "server")
    for path in sorted((ROOT / top).rglob("*.py"))
    if path.name != "__init__.py"
]


def own_test(module: str) -> Path:
    path = ROOT / "tests" / module
    return path.with_name(f"test_{path.name}")


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_test_of_its_name(module: str) -> None:
    if module not in ELSEWHERE:
        assert own_test(module).exists(), f"{module} has no test of its name"


def test_what_is_covered_elsewhere_is_there_and_has_no_test_of_its_own() -> None:
    assert [module for module in ELSEWHERE if module not in MODULES] == []
    assert [module for module in ELSEWHERE if own_test(module).exists()] == []
    assert [path for path in ELSEWHERE.values() if not (ROOT / "tests" / path).exists()] == []
