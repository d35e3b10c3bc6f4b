"""The words of a lesson in one language: title, summary, and a section for each step."""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it.tree import SyntaxTreeNode

from .faults import LessonError
from .nodes import MARKDOWN, Node, Place, line_of, nodes_of

#: What a heading of the third level may say: the part of the step that begins there.
PARTS = ("do", "question", "check", "hint")
#: Parts that end with a list: the answers to a question, and what is said of the usual slips.
_LISTED = ("question", "check")


@dataclass(slots=True)
class Item:
    """An entry of a part's list: its first paragraph, and what follows it."""

    line: int
    head: list[Node]
    rest: list[Node]


@dataclass(slots=True)
class Part:
    """What stands below a heading of the third level."""

    line: int
    nodes: list[Node] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """The words of one step."""

    line: int
    title: str
    nodes: list[Node] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)


@dataclass(slots=True)
class Text:
    """A lesson's Markdown file."""

    title: str
    summary: list[Node]
    sections: list[Section]


def read_text(markdown: str, file: str) -> Text:
    """Read a lesson's words.

    Parameters
    ----------
    markdown : str
        ``# Title``, a paragraph, then ``## Step`` for each step, in which ``### do``, ``### question``, ``### check``
        and ``### hint`` begin parts.
    file : str
        For errors.

    Raises
    ------
    LessonError
        With the line, and what was expected there.
    """
    blocks = list(SyntaxTreeNode(MARKDOWN.parse(markdown)).children)
    if not blocks or _level(blocks[0]) != 1:
        raise LessonError(file, 1, "title")
    text = Text(_words(blocks[0]), [], [])
    for block in blocks[1:]:
        _take(text, block, Place(file, line_of(block, 1)))
    if not text.summary:
        raise LessonError(file, 1, "summary")
    return text


def _take(text: Text, block: SyntaxTreeNode, place: Place) -> None:
    level = _level(block)
    section = text.sections[-1] if text.sections else None
    if level == 2:
        text.sections.append(Section(place.line, _words(block)))
    elif level == 3 and section is not None:
        name = _words(block).strip().lower()
        if name not in PARTS or name in section.parts:
            raise place.fault("part", known=", ".join(PARTS), found=name[:40])
        section.parts[name] = Part(place.line)
    elif level:
        raise place.fault("heading", level=level)
    elif section is None:
        text.summary += nodes_of(block, place)
    elif section.parts:
        _fill(*list(section.parts.items())[-1], block, place)
    else:
        section.nodes += nodes_of(block, place)


def _fill(name: str, part: Part, block: SyntaxTreeNode, place: Place) -> None:
    if name in _LISTED and block.type == "bullet_list":
        for item in block.children:
            place.line = line_of(item, place.line)
            first, *more = item.children
            here = Place(place.file, place.line)
            head = [node for child in first.children for node in nodes_of(child, here)]
            part.items.append(Item(place.line, head, [node for child in more for node in nodes_of(child, here)]))
    else:
        part.nodes += nodes_of(block, place)


def _level(block: SyntaxTreeNode) -> int:
    return int(block.tag[1]) if block.type == "heading" else 0


def _words(heading: SyntaxTreeNode) -> str:
    return heading.children[0].content if heading.children else ""
