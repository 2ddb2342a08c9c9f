"""Messages as files that any sender can use: e-mail messages (RFC 5322), JSON, plain text and HTML, with a manifest.

Nothing here sends anything. What only the sender knows is a placeholder in the domain `placeholder.invalid`, which no
message can reach: the recipient and the sender, and for subscriptions the address to unsubscribe.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from typing import Any

from engross.exporting.notice_message import UNSUBSCRIBE, Message
from engross.record import NoticeKind, format_fixed, sha256

RECIPIENT, SENDER = "recipient@placeholder.invalid", "sender@placeholder.invalid"
"""The addresses that a sender replaces."""
NOTICE_FORMATS = ("eml", "json", "text", "html")
"""The formats of messages."""
_ENDINGS = {"eml": ".eml", "json": ".json", "text": ".txt", "html": ".html"}
_FORMAT = 1


def notice_files(message: Message, formats: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a message by name: one for each of the formats, then the attachments."""
    name = message.notice.file_name
    made = {"eml": eml, "json": _json, "text": _text, "html": _html}
    for form in NOTICE_FORMATS:
        if form in formats:
            yield f"{name}{_ENDINGS[form]}", made[form](message)
    if set(formats) - {"eml"}:
        for one in message.attachments:
            yield f"{name}/{one.name}", one.data


def eml(message: Message) -> bytes:
    """Return a message as an e-mail message with attachments, the same bytes for the same message.

    It has no date and no id, which are those of each sending.
    """
    mail = EmailMessage(policy=SMTP)
    # The email package decodes encoded words in a value, line breaks included.
    mail["Subject"] = message.subject.replace("=?", "= ?")
    mail["From"], mail["To"] = SENDER, RECIPIENT
    mail["X-Notice"] = message.notice.hash
    if message.notice.kind is NoticeKind.SUBSCRIPTION:
        mail["List-Unsubscribe"] = f"<{UNSUBSCRIBE}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for one in message.attachments:
        main, _, sub = one.media_type.partition("/")
        mail.add_attachment(one.data, maintype=main, subtype=sub, filename=one.name)
    mail["Content-Language"] = message.language
    for number, part in enumerate(_multiparts(mail)):
        part.set_boundary(f"=_{message.notice.hash[:40]}_{number}")
    data = mail.as_bytes()
    # The email package leaves the first line empty if the value alone fits into the next; some readers then show none.
    folded = b"Subject:\r\n"
    return b"Subject:" + data.removeprefix(folded) if data.startswith(folded) else data


def _multiparts(mail: EmailMessage) -> Iterable[MIMEPart]:
    return [part for part in mail.walk() if part.is_multipart()]


def _json(message: Message) -> bytes:
    notice = message.notice
    return _bytes(
        {
            "format": _FORMAT,
            **_about(message),
            "facts": notice.facts,
            "text": message.text,
            "html": message.html,
            "attachments": [
                {"name": one.name, "media_type": one.media_type, "sha256": sha256(one.data)}
                for one in message.attachments
            ],
        }
    )


def _text(message: Message) -> bytes:
    return f"{message.subject}\n\n{message.text}".encode()


def _html(message: Message) -> bytes:
    return message.html.encode()


def _about(message: Message) -> dict[str, Any]:
    notice = message.notice
    audience = {"set": notice.audience.id, "title": notice.audience.title} if notice.audience.id else {}
    return {
        "notice": notice.hash,
        "kind": str(notice.kind),
        "change": notice.change.slug,
        "posted": format_fixed(notice.change.posted),
        "audience": audience,
        "language": message.language,
        "subject": message.subject,
        "receipt": message.takes_receipt,
        "awaited": message.takes_receipt and any(entry.awaits for entry in notice.entries),
    }


def manifest(messages: Mapping[str, tuple[Message, Mapping[str, bytes]]], kind: NoticeKind) -> bytes:
    """Return the list of all messages of a kind, with the files of each and their hashes, and the placeholders.

    `receipt` says whether `engross receipt` accepts a receipt of the message: not twice, and not for subscriptions.
    `awaited` says that a date follows from the delivery of the message, so that its receipt is wanted.
    """
    placeholders = {"recipient": RECIPIENT, "sender": SENDER}
    if kind is NoticeKind.SUBSCRIPTION:
        placeholders["unsubscribe"] = UNSUBSCRIBE
    listed = [
        _about(message) | {"files": {name: sha256(data) for name, data in files.items()}}
        for message, files in messages.values()
    ]
    return _bytes({"format": _FORMAT, "kind": str(kind), "placeholders": placeholders, "messages": listed})


def _bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
