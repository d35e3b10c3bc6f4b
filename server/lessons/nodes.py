"""Markdown and TeX as trees of few harmless elements: the page makes exactly these, and no HTML of a stranger.

A node is a text, or a list of its tag, its attributes and its children: ``["p", {}, "so ", ["em", {}, "much"]]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from ...core.ground.formula_text import FormulaError
from ...core.insight.graph import graph_of
from .faults import LessonError

Node = str | list[Any]

MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)

#: What CommonMark calls a thing, and the element that it becomes.
_ELEMENTS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "strong": "strong",
    "em": "em",
    **{name: name for name in ("table", "thead", "tbody", "tr", "th", "td")},
}
_MATHML = frozenset(
    (
        *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"),
        *("munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom"),
    )
)
_MATHML_ATTRIBUTES = frozenset(("display", "mathvariant", "stretchy", "fence", "separator", "accent", "width"))
#: How many children an element has, where it means nothing with another number.
_CHILDREN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}

#: Inline code that begins so is an expression whose present value stands there.
LIVE = "="
#: A link that begins so opens a computation graph: of the formulas after it, or without any of the run's own sample.
GRAPH = "graph:"


class Place:
    """Where words stand: a file, and the line that the block begins in which is being read."""

    def __init__(self, file: str, line: int) -> None:
        self.file, self.line = file, line

    def fault(self, code: str, **params: str | int) -> LessonError:
        """Return an error about this place: see `WORDS`."""
        return LessonError(self.file, self.line, code, **params)


def line_of(node: SyntaxTreeNode, before: int) -> int:
    """Return the line in which a block begins, from 1; for what stands inside a block, that of the block."""
    return node.map[0] + 1 if node.map else before


def nodes_of(node: SyntaxTreeNode, place: Place) -> list[Node]:
    """Return what a node of CommonMark's tree becomes.

    Raises
    ------
    LessonError
        For HTML, pictures, links that are none, and formulas that are no TeX.
    """
    place.line = line_of(node, place.line)
    if node.type == "inline" or (node.type == "paragraph" and node.hidden):
        return list(_children(node, place))
    if node.type in _ELEMENTS:
        return [[_ELEMENTS[node.type], {}, *_children(node, place)]]
    if node.type == "text":
        return [node.content]
    if node.type == "softbreak":
        return [" "]
    if node.type == "hardbreak":
        return [["br", {}]]
    if node.type == "code_inline":
        return [_code(node.content, place)]
    if node.type in ("fence", "code_block"):
        return [["pre", {}, node.content]]
    if node.type.startswith("math"):
        return [formula(node.content, place, block=node.type != "math_inline")]
    if node.type == "link":
        href = str(node.attrs.get("href", ""))
        if href.startswith(GRAPH):
            return [["graph", {"text": _formulas(href, place)}, *_children(node, place)]]
        return [["a", {"href": _address(href, place)}, *_children(node, place)]]
    if node.type.startswith("html"):
        raise place.fault("html", found=node.content.strip()[:40])
    raise place.fault("block", kind=node.type, found=node.content.strip()[:40])


def _children(node: SyntaxTreeNode, place: Place) -> Iterator[Node]:
    for child in node.children:
        yield from nodes_of(child, place)


def _code(text: str, place: Place) -> Node:
    if not text.startswith(LIVE):
        return ["code", {}, text]
    return ["live", {"text": text[len(LIVE) :].strip(), "file": place.file, "line": place.line}]


def _formulas(href: str, place: Place) -> str:
    text = unquote(href[len(GRAPH) :])
    if not text:
        return ""
    try:
        graph_of(text)
    except FormulaError as error:
        raise place.fault("graph", found=text[:60], words=str(error)) from None
    return text


def _address(href: str, place: Place) -> str:
    if urlsplit(href).scheme != "https":
        raise place.fault("link", found=href[:60])
    return href


def formula(tex: str, place: Place, *, block: bool) -> Node:
    """Return a formula in TeX as MathML.

    Raises
    ------
    LessonError
        If it is none, and for what formulas have no use for.
    """
    try:
        tree = _converted(tex.strip(), block)
    except Exception:  # a dozen kinds, without a common ancestor
        raise place.fault("tex", found=tex.strip()[:60]) from None
    return _mathml(tree, place, tex)


@lru_cache(maxsize=2000)
def _converted(tex: str, block: bool) -> ElementTree.Element:
    return ElementTree.fromstring(convert(tex, display="block" if block else "inline"))


def _mathml(element: ElementTree.Element, place: Place, tex: str) -> Node:
    tag = element.tag.rpartition("}")[2]
    written = (element.text or "").strip()
    if tag not in _MATHML or written.startswith("\\"):
        raise place.fault("tex_sign", sign=written or tag, found=tex.strip()[:60])
    if len(element) != _CHILDREN.get(tag, len(element)):
        raise place.fault("tex_argument", found=tex.strip()[:60])
    attributes = {name: value for name, value in element.attrib.items() if name in _MATHML_ATTRIBUTES}
    children = [_mathml(child, place, tex) for child in element]
    return [tag, attributes, *([element.text] if element.text else []), *children]
