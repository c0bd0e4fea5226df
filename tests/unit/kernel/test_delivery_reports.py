"""What a mail server sends back is understood, whatever it looks like; an address in it is never kept."""

from email.message import EmailMessage

import pytest

from app.kernel.delivery_reports import LARGEST, DeliveryReport, read_delivery_report
from app.kernel.email import Email, compose
from tests.machine.bounce import bounce

ID = "0c7a3b62-6f0e-4f7f-9a0c-2f1f6f1c9d11@aterkomst.invalid"
TO = "per@alvhaga.example"


@pytest.fixture
def mail() -> EmailMessage:
    return compose(Email(TO, "Kartläggningen har öppnat", "Hej!\n"), "aterkomst@alvhaga.example", f"<{ID}>")


@pytest.mark.parametrize("returned_as", ["text/rfc822-headers", "message/rfc822", "message/global-headers"])
def test_a_mail_that_failed_is_named_with_its_reason(mail: EmailMessage, returned_as: str) -> None:
    report = read_delivery_report(bounce(mail, returned_as=returned_as))
    assert report == DeliveryReport((f"<{ID}>",), has_failed=True, status="5.1.1")


def test_a_server_that_sends_no_headers_back_names_it_by_its_envelope(mail: EmailMessage) -> None:
    del mail["Message-ID"]
    assert read_delivery_report(bounce(mail, envelope_id=ID)) == DeliveryReport((ID,), has_failed=True, status="5.1.1")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_only_a_failure_is_one(mail: EmailMessage, action: str) -> None:
    report = read_delivery_report(bounce(mail, action=action, status="4.4.1"))
    assert report is not None
    assert (report.has_failed, report.status) == (False, "")


def test_its_own_name_and_address_are_not_kept(mail: EmailMessage) -> None:
    report = read_delivery_report(bounce(mail, status=f"5.1.1 {TO}"))
    assert TO not in str(report)
    assert "relay.example" not in str(report)


def test_capitals_comments_and_line_ends_make_no_difference(mail: EmailMessage) -> None:
    content = bounce(mail).replace(b"Action: failed", b"ACTION:  Failed (gone)").replace(b"\n", b"\r\n")
    assert read_delivery_report(content) == read_delivery_report(bounce(mail))


def test_an_out_of_office_answer_is_no_report(mail: EmailMessage) -> None:
    mail["In-Reply-To"] = f"<{ID}>"
    assert read_delivery_report(mail.as_bytes()) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"Content-Type: multipart/report; boundary=x\n\n--x\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4000)),
    ],
    ids=["nothing", "a picture", "cut off", "a thousand boxes in each other"],
)
def test_what_nobody_can_read_is_no_report(content: bytes) -> None:
    assert read_delivery_report(content) is None


def test_returned_headers_are_headers_however_much_they_look_like_boxes_in_boxes(mail: EmailMessage) -> None:
    boxes = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3000))
    content = bounce(mail).replace(b"Return-Path:", boxes.encode() + b"Return-Path:")
    assert read_delivery_report(content) == DeliveryReport((), has_failed=True, status="5.1.1")


def test_what_a_server_encloses_beside_it_is_not_read(mail: EmailMessage) -> None:
    large = bounce(mail) + b"x" * LARGEST
    assert read_delivery_report(large) == read_delivery_report(bounce(mail))
