"""What a mail server sends back for a mail that did not arrive; for tests, and for trying it by hand:

.venv/bin/python -m tests.machine.bounce instance/maildir/new/FILE | .venv/bin/flask --app wsgi bounces -
"""

import sys
from email import message_from_bytes
from email.message import Message
from pathlib import Path

POSTFIX = """\
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {sender}
Auto-Submitted: auto-replied
Message-ID: <20260819081500.4XyZ@relay.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4XyZ/relay.example"

This is a MIME-encapsulated message.

--4XyZ/relay.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relay.example. I'm sorry to have to inform you that your message could not be delivered.

--4XyZ/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 4XyZ{envelope}
Arrival-Date: Wed, 19 Aug 2026 08:00:00 +0200

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.relay.example
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected: User unknown

--4XyZ/relay.example
Content-Description: Undelivered Message Headers
Content-Type: {returned_as}

Return-Path: <{sender}>
{headers}
--4XyZ/relay.example--
"""


def bounce(
    mail: Message,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    envelope_id: str = "",
    returned_as: str = "text/rfc822-headers",
) -> bytes:
    """Return the report of a mail as Postfix writes it, with what it is told to have done."""
    headers = "".join(f"{name}: {value}\n" for name, value in mail.items())
    report = POSTFIX.format(
        sender=mail["From"],
        recipient=mail["To"],
        action=action,
        status=status,
        envelope=f"\nOriginal-Envelope-Id: {envelope_id}" if envelope_id else "",
        returned_as=returned_as,
        headers=headers,
    )
    return report.encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(bounce(message_from_bytes(Path(sys.argv[1]).read_bytes())))
