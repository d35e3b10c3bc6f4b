"""A trainer's process is started early, costs its starter nothing, and ends when nobody speaks to it."""

import asyncio
import os
import signal
import subprocess
import sys

from backscope.server.front.link import ProcessLink
from backscope.server.front.trainer_process import TrainerProcess, quiet_start
from backscope.server.wire.messages import Ready, ToFront
from backscope.server.wire.settings import ONE_THREAD, Limits


def test_it_can_be_started_before_anything_heavy_is_loaded() -> None:
    script = "import sys, backscope.server.front.trainer_process; print('numpy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-P", "-c", script], text=True).strip() == "False"


def test_it_is_started_once_and_heard_by_the_link_that_comes_later() -> None:
    async def scene() -> None:
        trainer = TrainerProcess(Limits())
        trainer.start()
        number = trainer.process.pid
        said: list[ToFront] = []
        link = ProcessLink(lambda _, message: said.append(message), lambda _: None, trainer)
        while not said:
            await asyncio.sleep(0.01)
        assert isinstance(said[0], Ready)
        assert link.process.pid == number
        await link.close()

    asyncio.run(asyncio.wait_for(scene(), 60))


def test_it_ends_when_nobody_speaks_to_it() -> None:
    trainer = TrainerProcess(Limits())
    trainer.start()
    trainer.close()
    trainer.process.join(60)
    assert trainer.process.exitcode == 0


def test_signals_wait_also_while_the_first_process_of_all_is_started() -> None:
    script = """if True:
        import signal
        from multiprocessing import resource_tracker
        from backscope.server.front.trainer_process import quiet_start
        with quiet_start():
            resource_tracker.ensure_running()  # as the first process does
            print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set()))
    """
    assert subprocess.check_output([sys.executable, "-P", "-c", script], text=True).strip() == "True"


def test_what_is_started_quietly_has_one_thread_and_the_environment_is_as_before() -> None:
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    with quiet_start():
        assert {name: os.environ[name] for name in ONE_THREAD} == dict(ONE_THREAD)
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    assert {name: os.environ.get(name) for name in ONE_THREAD} == before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
