"""The gallery of presets: each with its picture and sentence, and one press away."""

from backscope.server.wire.presets import PRESETS
from driver import Tab


def test_every_preset_stands_in_the_gallery_with_picture_and_sentence_and_opens_at_a_press(opened: Tab) -> None:
    page = opened.page
    opened.click("gallery")
    page.wait_for_selector(".gallery-window[open] .gallery-card")
    cards = page.eval_on_selector_all(
        ".gallery-card",
        """cards => cards.map(card => ({
            name: card.dataset.preset,
            title: card.querySelector("strong").innerText,
            words: card.querySelector(".gallery-words > span").innerText,
            painted: [...card.querySelectorAll("img")].filter(img => !img.hidden).map(img => img.src.length > 300),
        }))""",
    )
    assert {card["name"] for card in cards} == PRESETS.keys()
    assert all(card["title"] and len(card["words"]) > 20 for card in cards)
    assert all(card["painted"] == [True] * (1 if PRESETS[card["name"]].on_landscape else 2) for card in cards)

    page.click('.gallery-card[data-preset="deep_sigmoid"]')
    page.wait_for_selector(".gallery-window", state="hidden")
    opened.until(lambda: page.input_value('[data-role="dataset"]') == "digits")
    assert page.evaluate("document.activeElement.dataset.role") == "gallery"
    assert not opened.said
