"""Tiles of a map: every pixel is tried once from coarse to fine, and alone as in its tile."""

import numpy as np
import pytest
from backscope.core import ConfigError
from backscope.core.ensemble.pixels import measured
from backscope.core.ensemble.tiles import Map, Tile, bitmap_of, pixel_losses, tile_measures

MAP = Map(3, "tanh", 30, 1, "rates", (-1.0, 2.0), (-1.0, 2.0), 10)


def test_from_coarse_to_fine_every_pixel_is_tried_once():
    seen = np.zeros((10, 10), int)
    for stride, fresh in ((4, False), (2, True), (1, True)):
        for first, stop in ((0, 5), (5, 10)):
            tile = Tile(MAP, stride, first, stop, fresh)
            rows, columns = (places.astype(int) for places in tile.pixels())
            assert len(tile) == len(rows)
            assert ((first <= rows) & (rows < stop)).all()
            seen[rows, columns] += 1
    assert (seen == 1).all()


def test_a_pixel_alone_has_the_measure_of_its_tile():
    tile = Tile(MAP, 3, 0, 10, False)
    whole = tile_measures(tile, 0, len(tile))
    np.testing.assert_array_equal(tile_measures(tile, 5, 9), whole[5:9])
    rows, columns = tile.pixels()
    losses = pixel_losses((MAP, int(rows[7]), int(columns[7])), 0, 1)
    assert losses.shape == (1, 30)
    assert measured(losses.T)[1][0] == pytest.approx(whole[7, 0], rel=1e-9)


def test_a_bitmap_is_rows_of_0_and_1():
    np.testing.assert_array_equal(bitmap_of(["01", "10"]), [[False, True], [True, False]])
    for rows in (["01", "1"], ["02"], []):
        with pytest.raises(ConfigError, match="rows of 0 and 1, all of one length"):
            bitmap_of(rows)
    with pytest.raises(ConfigError, match=r"size must be a whole number in \[2, 4096\], got 1"):
        Map(3, "tanh", 30, 1, "rates", (-1.0, 2.0), (-1.0, 2.0), 1)
