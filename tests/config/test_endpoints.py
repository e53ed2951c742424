"""The addresses that the environment names."""

import pytest

from config.settings import load_settings


def test_an_empty_address_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "")
    monkeypatch.setenv("ARXIV_ENDPOINT", "")
    settings = load_settings()
    assert settings.hf_endpoint == "https://huggingface.co"
    assert settings.arxiv_endpoint == "https://export.arxiv.org"


def test_an_address_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://localhost:1")
    assert load_settings().hf_endpoint == "http://localhost:1"
