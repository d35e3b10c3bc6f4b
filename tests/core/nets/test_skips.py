"""Which hidden layers can have a skip, and what cannot be."""

import pytest
from backscope.core import ConfigError, Network, NetworkConfig
from backscope.core.nets.skips import fitting_skips, skips_of


def test_a_layer_fits_where_the_hidden_layer_before_it_is_as_wide():
    assert fitting_skips([4, 4, 3, 3, 4]) == (False, True, False, True, False)
    assert skips_of(False, [4, 4]) == (False, False)
    assert skips_of([False, True, False], [4, 4, 4]) == (False, True, False)


def test_true_gives_a_skip_wherever_neighbours_are_equally_wide():
    assert Network([4, 4, 4, 3, 3, 3], residual=True).residual == (False, True, False, True)
    assert Network([4, 4, 4, 3, 3, 3], residual=[False, False, False, True]).residual == (False, False, False, True)
    assert Network([4, 3, 2, 1], residual=True).residual == (False, False)
    assert Network([2, 1], residual=True).residual == ()


@pytest.mark.parametrize(
    ("residual", "words"),
    [
        ([False, True, False], "layer 2 has 3 neurons and one of 4 before it"),
        ([True, False, True], "layer 1 has 4 neurons and no hidden layer before it"),
        ([False, True], "one of them for each of 3 hidden layers, got 2"),
        (1, "residual must be true or false, got 1"),
        ([False, False, "yes"], "residual must be true or false, got 'yes'"),
    ],
)
def test_what_cannot_be_is_refused_in_words(residual, words):
    for build in (
        lambda: Network([2, 4, 3, 3, 1], residual=residual),
        lambda: NetworkConfig((4, 3, 3), residual=residual),
    ):
        with pytest.raises(ConfigError, match=words) as caught:
            build()
        assert caught.value.name == "residual"
