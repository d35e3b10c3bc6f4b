"""Pictures for where nothing runs: of a run its net's answers and its loss, of a watched training norms and loss.

They are SVG without script or style sheet, so that viewers which trust nothing show them, too.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.data.features import derive
from ...core.run.trainer import Trainer

#: Sizes in pixels of the picture, of each of its two drawings, and of the field that is painted into the first.
WIDTH, HEIGHT = 760, 380
_SIDE, _TOP, _FIELD = 300, 56, 60
_LEFT, _RIGHT = 30, 400
#: Colours of the page in its light theme: outputs below and above the middle, and what lies between.
_LOW, _MIDDLE, _HIGH = (217, 112, 15), (245, 245, 245), (31, 116, 184)
#: Of classes, in their order, for as many as there are.
_CLASSES = tuple(
    tuple(int(code[k : k + 2], 16) for k in (0, 2, 4))
    for code in ("4477aa", "ee6677", "228833", "ccbb44", "66ccee", "aa3377", "997700", "bbbbbb", "004488", "117733")
)
#: Of bars.
_BARS = ("#c2255c", "#1f74b8")
_MOST_POINTS, _MOST_LOSSES = 300, 240

Pixels = NDArray[np.uint8]


def picture(trainer: Trainer) -> str:
    """Return a run where it stands, as SVG.

    Parameters
    ----------
    trainer : Trainer
        Only looked at.
    """
    parts = _begun(title_of(trainer))
    on_plane = not trainer.config.on_landscape and trainer.dataset.domain is not None
    if on_plane:
        parts += _plane(trainer)
    series = trainer.losses.series(_MOST_LOSSES)
    parts += _curve(series.step_high, np.asarray(series.last, np.float64), _RIGHT if on_plane else _LEFT)
    return "".join([*parts, "</svg>"])


def _begun(title: str) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#222">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="32" font-size="15">{escape(title)}</text>',
    ]


def title_of(trainer: Trainer) -> str:
    """Return where a run stands, in a line."""
    metrics = trainer.evaluate()
    words = ["Backscope", trainer.config.data.name, f"step {trainer.step_count}", f"loss {metrics.loss:.4g}"]
    if np.isfinite(metrics.accuracy) and trainer.dataset.kind != "regression":
        words.append(f"accuracy {metrics.accuracy:.0%}")
    return " · ".join(words)


def _plane(trainer: Trainer) -> list[str]:
    """Return the net's answers over the plane, with the samples that it is trained on."""
    data = trainer.dataset
    assert data.domain is not None
    (left, right), (bottom, top) = data.domain
    x, y = np.meshgrid(np.linspace(left, right, _FIELD), np.linspace(top, bottom, _FIELD))
    spots = np.column_stack([x.ravel(), y.ravel()])
    inputs = spots
    if data.derived:
        inputs = (derive(spots, data.derived) - data.input_scaling.shift) / data.input_scaling.scale
    with np.errstate(all="ignore"):
        answers = trainer.network.predict(trainer.theta, inputs, trainer.view.running_statistics)
    field = _colours(answers, data.target_range).reshape(_FIELD, _FIELD, 3)
    image = base64.b64encode(_png(field)).decode()
    frame = f'x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"'
    parts = [f'<image {frame} preserveAspectRatio="none" href="data:image/png;base64,{image}"/>']
    points = data.points_train if data.points_train is not None else data.X_train
    shown = np.linspace(0, len(points) - 1, min(len(points), _MOST_POINTS)).astype(int)
    for (px, py), colour in zip(points[shown, :2], _colours(data.y_train[shown], data.target_range), strict=True):
        if left <= px <= right and bottom <= py <= top:
            cx, cy = _LEFT + _SIDE * (px - left) / (right - left), _TOP + _SIDE * (top - py) / (top - bottom)
            fill = "#" + bytes(colour.tolist()).hex()
            parts.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="3" fill="{fill}" stroke="#fff" stroke-width=".8"/>')
    return [*parts, f'<rect {frame} fill="none" stroke="#999"/>']


def _colours(answers: NDArray[np.floating[Any]], around: tuple[float, float]) -> Pixels:
    """Return the colours (n, 3) of outputs (n, n_out): of the likeliest class, or between low and high."""
    if answers.shape[1] > 1:
        palette = np.array(_CLASSES, np.float64)[answers.argmax(axis=1) % len(_CLASSES)]
        share = answers.max(axis=1, keepdims=True).clip(0, 1)
        return np.asarray(255 + (palette - 255) * np.nan_to_num(share), np.uint8)
    low, high = around
    level = np.nan_to_num((answers - low) / (high - low), nan=0.5).clip(0, 1) * 2 - 1
    ends = np.where(level < 0, np.array(_LOW), np.array(_HIGH))
    return np.asarray(np.array(_MIDDLE) + (ends - np.array(_MIDDLE)) * np.abs(level), np.uint8)


def _png(pixels: Pixels) -> bytes:
    """Return an image (height, width, 3) in the simplest form of PNG (ISO/IEC 15948): true colour, no filter."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def _curve(steps: NDArray[np.int64], losses: NDArray[np.float64], left: int) -> list[str]:
    """Return the curve of a loss; the scale is logarithmic where all losses are above 0."""
    width, bottom = WIDTH - left - _LEFT, _TOP + _SIDE
    parts = [f'<rect x="{left}" y="{_TOP}" width="{width}" height="{_SIDE}" fill="none" stroke="#999"/>']
    known = np.isfinite(losses)
    words = "no finite loss" if len(losses) else "no loss yet"
    if known.any():
        steps, losses = steps[known], losses[known]
        heights = np.log10(losses) if losses.min() > 0 else losses
        low, high = heights.min(), heights.max()
        rise = (heights - low) / (high - low if high > low else 1.0)
        xs, ys = left + width * steps / max(1, steps[-1]), bottom - 10 - (_SIDE - 20) * rise
        line = " ".join(f"{px:.1f},{py:.1f}" for px, py in zip(xs, ys, strict=True))
        parts.append(f'<polyline points="{line}" fill="none" stroke="#1f74b8" stroke-width="1.6"/>')
        scale = " (logarithmic)" if losses.min() > 0 else ""
        words = f"batch loss{scale}, {losses.max():.3g} to {losses.min():.3g}, up to step {steps[-1]}"
    return [*parts, f'<text x="{left}" y="{HEIGHT - 6}" fill="#666">{escape(words)}</text>']


def watched_picture(
    title: str, layers: Sequence[str], norms: Mapping[str, NDArray[np.float64]], losses: Sequence[tuple[int, float]]
) -> str:
    """Return a training that was watched as SVG: norms of each layer, on a logarithmic scale, and the loss.

    Parameters
    ----------
    title : str
        Above it.
    layers : sequence of str
        Their names.
    norms : mapping of str to array (layers,)
        What each is called, and its values.
    losses : sequence of (int, float)
        Steps and their losses.
    """
    parts = [*_begun(title)]
    known = np.concatenate([values[np.isfinite(values) & (values > 0)] for values in norms.values()])
    low, high = (np.log10(known.min()) - 0.2, np.log10(known.max())) if len(known) else (-1.0, 0.0)
    row = _SIDE / max(1, len(layers))
    for k, name in enumerate(layers):
        y = _TOP + k * row
        parts.append(f'<text x="{_LEFT}" y="{y + row / 2 + 4:.1f}" font-size="11">{escape(name[:12])}</text>')
        for j, (values, colour) in enumerate(zip(norms.values(), _BARS, strict=False)):
            share = (np.log10(values[k]) - low) / (high - low) if np.isfinite(values[k]) and values[k] > 0 else 0.0
            thick = row * 0.8 / len(norms)
            parts.append(
                f'<rect x="{_LEFT + 84}" y="{y + row * 0.1 + j * thick:.1f}" width="{(_SIDE - 84) * share:.1f}" '
                f'height="{thick:.1f}" fill="{colour}"><title>{escape(f"{name}: {values[k]:.3g}")}</title></rect>'
            )
    scale = ", ".join(norms) + (f": {known.min():.1e} to {known.max():.1e} (logarithmic)" if len(known) else "")
    parts.append(f'<text x="{_LEFT}" y="{HEIGHT - 6}" fill="#666">{escape(scale)}</text>')
    steps = np.array([step for step, _ in losses], np.int64)
    parts += _curve(steps, np.array([loss for _, loss in losses], np.float64), _RIGHT)
    return "".join([*parts, "</svg>"])
