"""A small taxonomy, as topics.yaml would declare it."""

from typing import Any


def small_document() -> dict[str, Any]:
    return {
        "version": "1",
        "areas": [{"id": "nlp", "name": "Language"}],
        "fields": [{"id": "lm", "name": "Language models", "parent": "nlp"}],
        "topics": [
            {
                "id": "rag",
                "name": "Retrieval augmentation",
                "parent": "lm",
                "aliases": ["retrieval-augmented generation"],
                "acronyms": ["RAG"],
                "weak": ["retriever"],
            },
            {"id": "memory", "name": "Memory", "parent": "lm", "aliases": ["memory"]},
        ],
    }
