"""E-mail over SMTP, with the standard library's client in a thread."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Final, Literal

from pydantic import SecretStr

from shared_utils.clock import utc_now
from shared_utils.errors import AppError

STEP_SECONDS: Final = 10.0
TOTAL_SECONDS: Final = 30.0

Security = Literal["none", "starttls", "tls"]


class MailFailed(AppError):
    """The mail server did not take the message."""

    code = "MAIL_FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in. `tls` speaks TLS from the first byte (465), `starttls` after a greeting (587)."""

    host: str
    port: int
    security: Security
    username: str | None = None
    password: SecretStr | None = None


def mail(
    *,
    sender: str,
    recipients: list[str],
    subject: str,
    text: str,
    html: str,
    message_id: str,
    thread: str | None = None,
) -> EmailMessage:
    """A message in text and HTML. `thread` is the message id of the one that it continues."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if thread is not None:
        message["In-Reply-To"] = thread
        message["References"] = thread
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


async def send_mail(server: MailServer, message: EmailMessage) -> None:
    """Hands a message in. Raises `MailFailed`, whose message says what the server said."""
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            await asyncio.to_thread(_send, server, message)
    except TimeoutError as error:
        raise MailFailed(f"{server.host}:{server.port} did not take the message within {TOTAL_SECONDS:g} s.") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailFailed(f"{server.host} refused every recipient.") from error
    except smtplib.SMTPResponseException as error:
        raise MailFailed(f"{server.host} answered {error.smtp_code}.") from error
    except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
        raise MailFailed(f"{server.host}:{server.port} could not be used: {type(error).__name__}.") from error


def _send(server: MailServer, message: EmailMessage) -> None:
    with _connected(server) as client:
        if server.security == "starttls":
            client.starttls(context=ssl.create_default_context())
        if server.username is not None:
            password = server.password.get_secret_value() if server.password else ""
            client.login(server.username, password)
        client.send_message(message)


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=STEP_SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=STEP_SECONDS)
