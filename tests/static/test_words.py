"""The string tables: the same keys and placeholders in every language, and every key that the page asks for."""

import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
TABLES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((STATIC / "i18n").glob("*.json"))}
SOURCES = [*STATIC.glob("js/**/*.js"), STATIC / "index.html"]

# `t("bar.play")`, `i18n: "bar.step"`, data-i18n="panel.data": a key written out in full.
WRITTEN = re.compile(
    r"(?:\bt\(\s*|translate\([^,()]+,\s*|i18n(?:Tip)?:\s*|data-i18n(?:-tip)?=)"
    r"""["']([a-z0-9_]+\.[a-zA-Z0-9_.]+)["']"""
)
# t(`status.${word}`): a family of keys.
FAMILY = re.compile(r"`([a-z0-9_]+)\.\$\{")


#: A count with its forms, `{n, plural, one {# step} other {# steps}}`; a form may hold placeholders of its own.
PLURAL = re.compile(r"\{(\w+), plural,((?: (?:\w+|=\d+) \{(?:[^{}]|\{\w+\})*\})+)\}")
FORM = re.compile(r"(?:\w+|=\d+) \{((?:[^{}]|\{\w+\})*)\}")
#: A placeholder and the words behind it that belong to it: not those of which it is a part.
COUNTED = re.compile(r"\{\w+\}((?:[ -](?!(?:of|that|the|its|no|with|by|and)\b)[\w’-]+){1,4})")


def placeholders(text: str) -> set[str]:
    """The names that a text asks for, those of counts and within their forms among them."""
    forms = " ".join(form for _, written in PLURAL.findall(text) for form in FORM.findall(written))
    return set(re.findall(r"\{(\w+)\}", PLURAL.sub(r"{\1}", text) + forms))


#: What ends in s behind a placeholder and is no noun in the plural: verbs, and times, which multiplies.
NO_NOUN = set(re.findall(r"\w+", """
    adds as axis becomes bends bias comes decides divides does drives falls feeds gives goes has holds is less lies loss
    needs now pass remembers rises starts takes this times was
"""))  # fmt: skip


def test_english_and_chinese_are_there() -> None:
    assert {"en", "zh"} <= set(TABLES)


def test_every_language_with_words_is_one_that_the_page_speaks() -> None:
    source = (STATIC / "js/draw/i18n.js").read_text("utf-8")
    table = re.search(r"LANGUAGES = .*?\(\{(.*?)\}\)", source, re.S)
    assert table is not None
    spoken = re.findall(r'^  (\w+): "[^"]+",$', table.group(1), re.M)
    assert sorted(spoken) == sorted(TABLES), "static/i18n and LANGUAGES in static/js/draw/i18n.js"


@pytest.mark.parametrize("lang", TABLES)
def test_same_keys_and_placeholders_as_english(lang: str) -> None:
    assert set(TABLES[lang]) == set(TABLES["en"])
    for key, text in TABLES[lang].items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(TABLES["en"][key]), key


def test_chinese_is_chinese() -> None:
    """A sentence of several English words has not been left untranslated."""
    left = [key for key, text in TABLES["zh"].items() if re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", text)]
    assert left == []


#: Words that stood for what has another name now, and the keys in which they mean something else.
OLD_WORDS = {
    "按下播放|请按播放|点击播放": "",
    "最小值": r"landscape\.(about_|gap|no_bottom)",
    "惩罚|正则项": "",
    "丢弃": "",
    "(?<!随机失活 \\()[Dd]ropout": "",
    "上一批": "",
    "地形": "",
    "斜率": r"gradients\.factor",
    "对.{1,3}的反应": "",
    "弯曲加权和": "",
    "耐心": "",
    "(?<!随机)种子": "",
    "赛道": "",
    "^图：": "",
    r"\.\.\.|(?<!…)…(?!…)": "",
}


@pytest.mark.parametrize("old", OLD_WORDS)
def test_chinese_has_one_word_for_one_thing(old: str) -> None:
    other = OLD_WORDS[old]
    left = {
        key: text for key, text in TABLES["zh"].items() if re.search(old, text) and not (other and re.match(other, key))
    }
    assert not left


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_written_key_exists(source: Path) -> None:
    text = source.read_text("utf-8")
    missing = {key for key in WRITTEN.findall(text) if key not in TABLES["en"]}
    families = {
        family for family in FAMILY.findall(text) if not any(key.startswith(family + ".") for key in TABLES["en"])
    }
    assert not missing, f"{source.name} asks for {sorted(missing)}"
    assert not families, f"{source.name} asks for keys of {sorted(families)}"


def test_every_served_choice_has_a_name() -> None:
    """Option lists are served by the core's tables: each entry is named in the page's words."""
    from backscope.server.front.options import options
    from backscope.server.wire.settings import Limits

    served = options(Limits())
    families = {"activations": "activation.", "datasets": "dataset.", "initializers": "initializer.", "losses": "loss.",
                "normalizations": "normalization.", "optimizers": "optimizer.", "planes": "surface.plane_",
                "precisions": "precision.", "engines": "engine.", "presets": "preset.", "schedules": "schedule.",
                "gallery": "gallery.group_"}  # fmt: skip
    for key, prefix in families.items():
        names = [entry if isinstance(entry, str) else entry["name"] for entry in served[key]]
        missing = [name for name in names if f"{prefix}{name}" not in TABLES["en"]]
        assert names
        assert not missing, f"no words for {prefix} {missing}"
    assert not [entry["name"] for entry in served["presets"] if f"gallery.{entry['name']}" not in TABLES["en"]]
    numbers = {
        entry["name"] for key in ("optimizers", "schedules") for one in served[key] for entry in one["hyperparameters"]
    }
    assert not [name for name in numbers if f"hyperparameter.{name}" not in TABLES["en"]]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_element_has_a_title(source: Path) -> None:
    """Fingers and keys do not reach it: `draw/explain.js` explains an element to all."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", source.read_text("utf-8"), flags=re.S)
    written = re.findall(r'(?<!document)(?<!this)\.title = |Attribute\("title"|\btitle: (?:\w+\.)?t\(|\stitle="', code)
    assert not written, f"{source.name} gives an element a title"


def test_every_count_has_its_plural() -> None:
    """No noun in the plural stands behind a number that may be 1: its forms stand in the text."""
    left = {
        key: words
        for key, text in TABLES["en"].items()
        for words in COUNTED.findall(PLURAL.sub("", text))
        if any(word.endswith("s") and word not in NO_NOUN for word in re.findall(r"\w{2,}", words))
    }
    assert not left


@pytest.mark.parametrize("lang", TABLES)
def test_no_form_is_written_wrongly(lang: str) -> None:
    """Without its plurals a text holds names in braces and nothing else."""
    for key, text in TABLES[lang].items():
        rest = re.sub(r"\{\w+\}", "", PLURAL.sub("", text))
        assert not re.search(r"[{}]|plural", rest), key


#: What is no number to be read: lengths in CSS and SVG, and a date.
NO_WORDS = {"recorder.js", "svg_path.js", "bars.js", "graph.js", "runs.js", "format.js"}
OWN_FORM = re.compile(
    r"(?<![+\w.])[\w.()]+\.to(?:Fixed|Exponential|LocaleString)\(|(?<!op\(part)\.replace\(\"-\", \"−\"\)"
)


def test_numbers_are_written_in_one_place() -> None:
    """`draw/format.js` has one form for minus signs, thousands and powers of ten; nothing writes numbers beside it."""
    sources = [path for path in STATIC.glob("js/**/*.js") if path.name not in NO_WORDS]
    own = {path.name: OWN_FORM.findall(path.read_text("utf-8")) for path in sources}
    assert len(own) > 150
    assert not {name: found for name, found in own.items() if found}
