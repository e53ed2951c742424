"""The settings of mail: a mistake is named by its variable, and a password is never shown."""

import pytest

from config.mail import load_mail_settings
from config.settings import ConfigError

GIVEN = {
    "PAPERSTRATA_SMTP_HOST": "mail.example.org",
    "PAPERSTRATA_MAIL_FROM": "Papers <papers@example.org>",
    "PAPERSTRATA_MAIL_TO": "ada@example.org, Ben <ben@example.org>",
}
SECRET = {"PAPERSTRATA_SMTP_USER": "ada", "PAPERSTRATA_SMTP_PASSWORD": "hunter2"}


def test_without_more_than_host_and_addresses_mail_goes_by_starttls() -> None:
    settings = load_mail_settings(GIVEN)
    assert (settings.port, settings.tls) == (587, "starttls")
    assert settings.recipients == ("ada@example.org", "Ben <ben@example.org>")
    assert "hunter2" not in repr(load_mail_settings(GIVEN | SECRET))


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"PAPERSTRATA_SMTP_HOST": ""}, "mail needs PAPERSTRATA_SMTP_HOST in the environment"),
        ({"PAPERSTRATA_SMTP_PORT": "smtp"}, "PAPERSTRATA_SMTP_PORT: "),
        ({"PAPERSTRATA_SMTP_TLS": "tls"}, "PAPERSTRATA_SMTP_TLS: "),
        (
            {"PAPERSTRATA_MAIL_FROM": "ada@example.org\nBcc: eve@example.org"},
            "MAIL_FROM: .*no mail",
        ),
        ({"PAPERSTRATA_MAIL_TO": "ada@example.org,eve"}, "MAIL_TO: 'eve' is no mail address"),
        ({"PAPERSTRATA_SMTP_PASSWORD": "hunter2"}, "user and password go together"),
        (SECRET | {"PAPERSTRATA_SMTP_USER": "ädä"}, "user and password can hold ASCII only"),
        (SECRET | {"PAPERSTRATA_SMTP_TLS": "none"}, "to mail.example.org in the clear"),
    ],
)
def test_a_mistake_names_its_variable_and_no_password(over: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_mail_settings(GIVEN | over)
    assert "hunter2" not in str(caught.value)
