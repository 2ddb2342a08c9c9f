"""Send contractual notices, and write their receipts: send_notices.py FOLDER RECIPIENTS SENDER HOST PORT

FOLDER is the folder `contractual` that `engross notices` wrote. RECIPIENTS has a file of addresses for each set, one
address a line. If the server needs a login, set SMTP_USER and SMTP_PASSWORD.
"""

import json
import os
import smtplib
import ssl
import sys
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path


def main(arguments):
    """Look for everything, then send each notice."""
    if len(arguments) != 5 or not arguments[4].isdigit():
        sys.exit(__doc__)
    folder, recipients, server = Path(arguments[0]), Path(arguments[1]), tuple(arguments[2:])
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        sys.exit(f"{manifest} is missing: name the folder 'contractual' that engross notices wrote")
    # Everything is looked for before anything is sent.
    messages = json.loads(manifest.read_text("utf-8"))["messages"]
    emls = [eml_of(one, folder) for one in messages]
    lists = [list_of(one, eml, recipients) for one, eml in zip(messages, emls, strict=True)]
    for message, eml, addresses in zip(messages, emls, lists, strict=True):
        try:
            send_all(message, eml, addresses, recipients, server)
        except OSError as problem:  # also all errors of smtplib
            where = f"the mail server {server[1]}:{server[2]}"
            sys.exit(f"{eml.name}: {where} broke off: {problem}. Run this again: it continues where it stopped")


def eml_of(message, folder):
    """The file of a message to send."""
    name = next((name for name in message["files"] if name.endswith(".eml")), None)
    if not name:
        sys.exit(f"{folder} has no .eml files: run engross notices without --format, or with --format eml")
    return folder / name


def list_of(message, eml, recipients):
    """The addresses of the customers that a message is for."""
    path = recipients / f"{message['audience'].get('set', 'all')}.txt"
    if not path.is_file():
        sys.exit(f"{path} is missing: write the addresses for {eml.name} into it, one a line")
    return list(dict.fromkeys(path.read_text("utf-8").split()))


def send_all(message, eml, addresses, recipients, server):
    """Send a notice to all addresses that were not tried before; if all were, write the receipt."""
    receipt = eml.with_suffix(".receipt.json")
    if receipt.exists():
        print(f"{eml.name}: sent before, as {receipt.name} says")
        return
    # One line for each address that was tried, so that a run that broke off continues where it stopped.
    log = recipients / f"{message['notice']}.log"
    done = dict(line.split(" ", 1) for line in log.read_text("utf-8").splitlines()) if log.exists() else {}
    with connect(*server[1:]) as connection, log.open("a", encoding="utf-8") as lines:
        for address in addresses:
            if address not in done and (outcome := send(connection, eml, server[0], address)) != "later":
                done[address] = f"{outcome} {datetime.now(UTC).isoformat(timespec='seconds')}"
                print(address, done[address], file=lines, flush=True)
    sent = [outcome.split()[1] for outcome in done.values() if outcome.startswith("sent")]
    if not sent:
        log.unlink()
        print(f"{eml.name}: nobody was reached; check the server and the addresses, and run this again")
    elif later := [address for address in addresses if address not in done]:
        print(f"{eml.name}: {len(later)} refused for now; run this again later, or remove them: {', '.join(later)}")
    else:
        failed = len(done) - len(sent)
        print(f"{eml.name}: {len(sent)} sent, {failed} failed")
        if message["receipt"]:
            facts = {"notice": message["notice"], "sent": max(sent), "count": len(done), "failures": failed}
            receipt.write_text(f"{json.dumps(facts)}\n", "utf-8")


def connect(host, port):
    """A connection to the mail server, with TLS where it needs a login."""
    connection = smtplib.SMTP(host, int(port), timeout=60)
    if "SMTP_USER" in os.environ:
        connection.starttls(context=ssl.create_default_context())
        connection.login(os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"])
    return connection


def send(connection, eml, sender, address):
    """Send a message to one address: "sent", "failed", or "later" where the server asks for that."""
    mail = message_from_bytes(eml.read_bytes(), policy=SMTP)
    mail.replace_header("From", sender)
    mail.replace_header("To", address)
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    try:
        connection.send_message(mail)
        return "sent"
    except smtplib.SMTPRecipientsRefused as refused:
        code = refused.recipients[address][0]
    except smtplib.SMTPDataError as refused:
        code = refused.smtp_code
    return "failed" if code >= 500 else "later"


if __name__ == "__main__":
    main(sys.argv[1:])
