"""The addresses that the environment names."""

import pytest

from config.settings import ConfigError, load_settings


def test_an_empty_address_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "")
    monkeypatch.setenv("ARXIV_ENDPOINT", "")
    settings = load_settings()
    assert settings.hf_endpoint == "https://huggingface.co"
    assert settings.arxiv_endpoint == "https://export.arxiv.org"


def test_an_address_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://localhost:1")
    assert load_settings().hf_endpoint == "http://localhost:1"


def test_a_token_has_no_line_end_and_none_that_is_wrong_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PAPERSTRATA_HF_TOKEN", " hidden\r\n")
    assert load_settings().hf_token == "hidden"
    monkeypatch.setenv("PAPERSTRATA_HF_TOKEN", "hid\nden")
    with pytest.raises(ConfigError, match="PAPERSTRATA_HF_TOKEN") as caught:
        load_settings()
    assert "hid" not in str(caught.value)
