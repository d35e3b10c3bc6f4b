"""The package itself: its examples run, its names are there, its linear algebra runs on one thread."""

import doctest
import os
import subprocess
import sys

import backscope.core


def test_the_examples_in_the_documentation_run():
    result = doctest.testmod(backscope.core)
    assert result.attempted > 10
    assert result.failed == 0


def test_all_public_names_exist():
    assert len(set(backscope.core.__all__)) == len(backscope.core.__all__)
    for name in backscope.core.__all__:
        assert getattr(backscope.core, name) is not None
        if name.isupper():
            continue
        assert getattr(backscope.core, name).__doc__, name


def test_linear_algebra_runs_on_one_thread_unless_the_environment_says_otherwise():
    program = "import backscope.core, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    environment = {name: value for name, value in os.environ.items() if "NUM_THREADS" not in name}
    for given, expected in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        run = subprocess.run(
            [sys.executable, "-c", program], env={**environment, **given}, capture_output=True, text=True, check=True
        )
        assert run.stdout.strip() == expected
