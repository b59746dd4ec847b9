"""E-mail, against a mail server that speaks the protocol."""

import pytest
from pydantic import SecretStr

from shared_utils.messaging.mail import MailFailed, MailServer, mail, send_mail
from shared_utils.testing.receivers import mailbox


def message(subject: str = "Atraso: carga diária") -> object:
    return mail(
        sender="rotina@example.test",
        recipients=["ana@example.test", "bia@example.test"],
        subject=subject,
        text="Está atrasada.\n.\nfim",
        html="<p>Está atrasada.</p>",
        message_id="<delivery-1@rotina>",
        thread="<delivery-0@rotina>",
    )


async def test_a_message_arrives_in_both_forms_with_its_thread() -> None:
    async with mailbox(login=("rotina", "segredo")) as box:
        server = MailServer(
            host="127.0.0.1", port=box.port, security="none", username="rotina", password=SecretStr("segredo")
        )
        await send_mail(server, message())
    (got,) = box.messages
    assert (got["Subject"], got["Message-ID"], got["In-Reply-To"]) == (
        "Atraso: carga diária",
        "<delivery-1@rotina>",
        "<delivery-0@rotina>",
    )
    assert box.recipients == [["ana@example.test", "bia@example.test"]]
    text, html = got.get_body(("plain",)), got.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == "Está atrasada.\n.\nfim\n"
    assert "<p>Está atrasada.</p>" in html.get_content()


async def test_a_subject_cannot_bring_headers_of_its_own() -> None:
    async with mailbox() as box:
        server = MailServer(host="127.0.0.1", port=box.port, security="none")
        await send_mail(server, message("Rotina\r\nBcc: eve@example.test"))
    (got,) = box.messages
    assert got["Bcc"] is None
    assert box.recipients == [["ana@example.test", "bia@example.test"]]


async def test_refusals_say_what_the_server_said() -> None:
    async with mailbox(login=("rotina", "segredo")) as box:
        server = MailServer(
            host="127.0.0.1", port=box.port, security="none", username="rotina", password=SecretStr("falsch")
        )
        with pytest.raises(MailFailed, match="535") as failed:
            await send_mail(server, message())
        assert "falsch" not in failed.value.message
    async with mailbox() as box:
        box.refuse = True
        with pytest.raises(MailFailed, match="refused every recipient"):
            await send_mail(MailServer(host="127.0.0.1", port=box.port, security="none"), message())
    with pytest.raises(MailFailed, match="ConnectionRefusedError"):
        await send_mail(MailServer(host="127.0.0.1", port=box.port, security="none"), message())


async def test_a_server_without_tls_gets_no_message_when_tls_is_asked_for() -> None:
    async with mailbox() as box:
        with pytest.raises(MailFailed):
            await send_mail(MailServer(host="127.0.0.1", port=box.port, security="starttls"), message())
        assert box.messages == []
