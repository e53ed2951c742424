"""How mail is sent: from the environment, for a password belongs in no file of ours."""

import os
from collections.abc import Mapping
from email.utils import getaddresses
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic import model_validator as validator

from config.settings import ConfigError

VARIABLES: Final = {
    "host": "PAPERSTRATA_SMTP_HOST",
    "port": "PAPERSTRATA_SMTP_PORT",
    "tls": "PAPERSTRATA_SMTP_TLS",
    "user": "PAPERSTRATA_SMTP_USER",
    "password": "PAPERSTRATA_SMTP_PASSWORD",
    "sender": "PAPERSTRATA_MAIL_FROM",
    "recipients": "PAPERSTRATA_MAIL_TO",
}
"""The variable of each setting."""
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}
_OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _address(text: str) -> str:
    named = getaddresses([text])
    address = named[0][1] if len(named) == 1 else ""
    local, at, domain = address.rpartition("@")
    if not (at and local and domain) or not text.isprintable() or not address.isascii():
        raise ValueError(f"{text!r} is no mail address like name@example.org")
    return text


Address = Annotated[str, AfterValidator(_address)]


class MailSettings(BaseModel):
    """Whom to send mail to, and by which server."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(pattern=r"^[\w.:-]+$")
    port: int = Field(gt=0, lt=1 << 16)
    tls: Literal["starttls", "ssl", "none"]
    user: str | None = None
    password: SecretStr | None = None
    sender: Address
    recipients: tuple[Address, ...] = Field(min_length=1)

    @validator(mode="after")
    def _keeps_its_secret(self) -> "MailSettings":
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.password and not f"{self.user}{self.password.get_secret_value()}".isascii():
            raise ValueError("user and password can hold ASCII only")
        if self.password and self.tls == "none" and self.host not in _OF_THIS_MACHINE:
            raise ValueError(f"the password would be sent to {self.host} in the clear")
        return self


def load_mail_settings(environment: Mapping[str, str] = os.environ) -> MailSettings:
    """Read the settings of mail; several recipients are separated by commas.

    Raises:
        ConfigError: one is missing or wrong; the message names its variable.
    """
    given = {
        name: value for name, variable in VARIABLES.items() if (value := environment.get(variable))
    }
    missing = [VARIABLES[name] for name in ("host", "sender", "recipients") if name not in given]
    if missing:
        raise ConfigError(f"mail needs {', '.join(missing)} in the environment")
    tls = given.pop("tls", "starttls")
    recipients = [one.strip() for one in given.pop("recipients").split(",") if one.strip()]
    # of a tls that there is none of, that is the mistake to name, not the port
    port = given.pop("port", None) or _PORTS.get(tls, _PORTS["none"])
    try:
        return MailSettings.model_validate(
            {**given, "tls": tls, "port": port, "recipients": recipients}
        )
    except ValidationError as error:
        raise ConfigError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    """Return the first finding with its variable; the value of a password is never in it."""
    finding = error.errors(include_input=False)[0]
    message = finding["msg"].removeprefix("Value error, ")
    if not finding["loc"]:
        return f"mail: {message}"
    return f"{VARIABLES[str(finding['loc'][0])]}: {message}"
