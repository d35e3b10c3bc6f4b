"""Whether a panel made up by `tests/test_recipes.py` is on the page, and in the files that the server makes of it.

Run where the recipe has been followed: in a copy of the project.
"""

from pathlib import Path

from backscope import core
from backscope.server.front.files import STATIC
from backscope.server.front.joined import join

assert Path(core.__file__).parents[1] == Path(__file__).parents[2] == STATIC.parent, "this is not the copy's page"

# Its code is in the file that comes with the first picture, and only there; the page imports it by its own name.
files = join(STATIC)
holding = [name for name, text in files.items() if "function tallyView" in text]
assert len(holding) == 1, holding
assert sum(text.count("tallyView") for text in files.values()) >= 3  # made, exported, and put in its place

# Its place and its looks are in the page.
page = (STATIC / "index.html").read_text("utf-8")
assert page.count('data-part="tally"') == page.count('href="css/tally.css"') == 1
print("found everywhere")
