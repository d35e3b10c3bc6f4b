"""What the processor has done for this thread: not what others did meanwhile, as the front does on the same one."""

import sys
import time

#: Seconds. Windows counts those of a thread in ticks which are longer than what is measured here.
spent = time.perf_counter if sys.platform == "win32" else time.thread_time
