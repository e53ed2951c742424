"""watch.toml: a mistake is named with its watch-list, its field, and what may be meant."""

from pathlib import Path

import pytest

from config.settings import ConfigError
from config.taxonomy import TopicsConfig, check_topics
from config.watch import load_watch

TAXONOMY = check_topics(
    {
        "version": "1",
        "areas": [{"id": "machines", "name": "Machines"}],
        "fields": [{"id": "language", "name": "Language", "parent": "machines"}],
        "topics": [
            {"id": "llm-agents", "name": "LLM agents", "parent": "language"},
            {
                "id": "bots",
                "name": "Bots",
                "parent": "language",
                "status": "retired",
                "replaced_by": "llm-agents",
            },
        ],
    }
)


def _load(folder: Path, text: str) -> list[str]:
    def read() -> TopicsConfig:
        return TAXONOMY

    (folder / "watch.toml").write_text(text, encoding="utf-8")
    return [topic for entry in load_watch(folder, read) for topic in entry.topics]


def test_a_topic_may_be_named_by_its_id_or_its_name(tmp_path: Path) -> None:
    text = '[[watch]]\nid = "a"\nname = "A"\ntopics = ["llm-agents", "llm AGENTS"]'
    assert _load(tmp_path, text) == ["llm-agents", "llm-agents"]


def test_nothing_is_watched_where_nobody_says_what() -> None:
    assert load_watch(None, lambda: TAXONOMY) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('topics = ["llm-agnets"]', "watch 'a': topics: .*'llm-agnets'; did you mean llm-agents"),
        ('topics = ["bots"]', "watch 'a': topics: 'bots' is retired; its papers have 'llm-agents'"),
        ("", "watch 'a': it has neither topics nor phrases nor authors"),
        ('phrases = [" - "]', r"watch 'a': phrases.0"),
        (f'authors = ["A"]\n[[watch]]\nid = "{"w" * 101}"\nname = "B"', "id: String should have"),
        ('phrase = ["x"]', "watch 'a': phrase: Extra inputs"),
        (
            'authors = ["A"]\n[[watch]]\nid = "a"\nname = "B"\nauthors = ["C"]',
            "'a' is given to two",
        ),
        ('authors = ["A"]\n[[watch]]\nname = "B"', "entry 2: id: Field required"),
        ('authors = ["A"]\n[other]\nx = 1', r"begins with \[\[watch\]\]"),
    ],
)
def test_a_mistake_names_the_watch_list_and_the_field(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=f"watch.toml: .*{message}"):
        _load(tmp_path, f'[[watch]]\nid = "a"\nname = "A"\n{text}')
