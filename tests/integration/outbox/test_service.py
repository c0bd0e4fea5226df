"""A message goes once, or somebody can see that it did not."""

import logging
import smtplib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import String, Uuid, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.kernel.database import Database
from app.kernel.delivery_reports import DeliveryReport
from app.kernel.email import Email, MemoryTransport, Transport
from app.kernel.errors import NotFound
from app.kernel.sql_functions import json_pair
from app.outbox import queries
from app.outbox.models import OutboxMessage
from app.outbox.service import (
    LEASE,
    LOST_IN_A_ROW,
    MOST_ATTEMPTS,
    Composer,
    deliver_due,
    enqueue,
    enqueue_from,
    take_back,
)
from app.outbox.types import MessageState
from tests.conftest import Clock
from tests.factories.schools import make_municipality
from tests.machine.mail_server import MailServer

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
ADDRESS = "per@alvhaga.example"


def compose(_session: Session, payload: Mapping[str, str], public_url: str) -> Email | None:
    return Email(ADDRESS, f"Nummer {payload['number']}", f"{public_url}/svar\n")


def drop(_session: Session, _payload: Mapping[str, str], _public_url: str) -> Email | None:
    return None


def stumble(_session: Session, payload: Mapping[str, str], _public_url: str) -> Email | None:
    raise KeyError(payload["number"])


COMPOSERS: Mapping[str, Composer] = {"test.mail": compose, "test.drop": drop, "test.stumble": stumble}


@dataclass
class Post:
    """A database with messages, and hands to queue and send them with."""

    database: Database
    municipality_id: UUID

    def queue(self, number: int = 1, kind: str = "test.mail", *, is_repeatable: bool = True) -> None:
        with self.database.transaction() as session:
            self.put(session, number, kind, is_repeatable=is_repeatable)

    def put(self, session: Session, number: int, kind: str = "test.mail", *, is_repeatable: bool = True) -> None:
        enqueue(
            session,
            municipality_id=self.municipality_id,
            kind=kind,
            dedupe_key=f"mail:{number}",
            payload={"number": str(number)},
            is_repeatable=is_repeatable,
        )

    def deliver(self, transport: Transport) -> int:
        return deliver_due(self.database, transport, COMPOSERS, "https://aterkomst.alvhaga.example")

    def messages(self) -> list[OutboxMessage]:
        with self.database.reading() as session:
            return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.dedupe_key)))

    def message(self) -> OutboxMessage:
        (only,) = self.messages()
        return only

    def states(self) -> list[MessageState]:
        return [message.state for message in self.messages()]


@pytest.fixture
def post(database: Database) -> Post:
    """An empty outbox of a municipality."""
    with database.transaction() as session:
        return Post(database, make_municipality(session).id)


@dataclass
class Killed:
    """A way to send in which the process dies, before or after the mail has gone."""

    has_gone: bool
    sent: list[str] = field(default_factory=list)

    def send(self, _email: Email, message_id: str) -> None:
        if self.has_gone:
            self.sent.append(message_id)
        raise SystemExit("killed")


@dataclass
class Failing:
    """A way to send that fails like this."""

    error: Exception
    tried: int = 0

    def send(self, _email: Email, _message_id: str) -> None:
        self.tried += 1
        raise self.error


class TestEnqueue:
    def test_the_same_key_twice_is_one_message(self, post: Post) -> None:
        post.queue()
        post.queue()
        with post.database.transaction() as session:
            post.put(session, 1)
            post.put(session, 1)
            post.put(session, 2)
        assert [message.dedupe_key for message in post.messages()] == ["mail:1", "mail:2"]

    def test_so_it_is_when_several_queue_it_at_once(self, post: Post) -> None:
        barrier, failures = threading.Barrier(6), list[Exception]()

        def work() -> None:
            try:
                barrier.wait()
                post.queue()
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(post.messages()) == 1

    def test_one_that_was_sent_is_not_queued_again(self, post: Post) -> None:
        post.queue()
        post.deliver(MemoryTransport())
        post.queue()
        assert post.states() == [MessageState.SENT]

    def test_it_goes_with_the_change_that_causes_it(self, post: Post) -> None:
        with post.database.session(writing=True) as session:
            post.put(session, 1)
            session.rollback()
        assert post.messages() == []


class TestDeliverDue:
    def test_what_is_due_is_sent_once(self, post: Post) -> None:
        for number in (1, 2, 3):
            post.queue(number)
        memory = MemoryTransport()
        assert (post.deliver(memory), post.deliver(memory)) == (3, 0)
        assert [email.subject for email, _id in memory.sent] == ["Nummer 1", "Nummer 2", "Nummer 3"]
        assert memory.sent[0][0].body == "https://aterkomst.alvhaga.example/svar\n"
        assert {message.sent_at is not None for message in post.messages()} == {True}
        assert {message.leased_until for message in post.messages()} == {None}

    def test_it_counts_as_sent_when_it_was_last_looked_whether_it_should_be(self, post: Post, set_clock: Clock) -> None:
        """An answer that comes while a slow server takes the mail came after it."""
        set_clock(NOON)
        post.queue()

        class Slow:
            def send(self, _email: Email, _message_id: str) -> None:
                set_clock(NOON + timedelta(minutes=1))

        assert post.deliver(Slow()) == 1
        assert post.message().sent_at == NOON

    def test_over_real_smtp_too(self, post: Post, mail_server: MailServer) -> None:
        post.queue()
        assert post.deliver(mail_server.transport()) == 1
        assert [mail["Message-ID"] for mail in mail_server.got] == [post.message().message_id]

    def test_a_mail_without_a_reason_any_longer_is_dropped(self, post: Post) -> None:
        post.queue(1, "test.drop")
        memory = MemoryTransport()
        assert post.deliver(memory) == 0
        assert (post.states(), memory.sent) == ([MessageState.DROPPED], [])

    @pytest.mark.parametrize("kind", ["test.stumble", "test.unknown"])
    def test_one_that_cannot_be_composed_stops_only_itself(self, post: Post, kind: str) -> None:
        post.queue(1, kind)
        post.queue(2)
        assert post.deliver(MemoryTransport()) == 1
        assert post.states() == [MessageState.QUEUED, MessageState.SENT]
        assert post.messages()[0].failure == "KeyError"

    def test_one_that_the_server_refuses_stops_only_itself(self, post: Post, mail_server: MailServer) -> None:
        post.queue(1)
        post.queue(2)
        mail_server.to_data = "451 later"
        post.deliver(mail_server.transport())
        assert mail_server.connections == 2
        assert [message.attempts for message in post.messages()] == [1, 1]

    def test_several_at_once_send_each_once(self, post: Post) -> None:
        for number in range(12):
            post.queue(number)
        memory, barrier, failures = MemoryTransport(), threading.Barrier(4), list[Exception]()

        def work() -> None:
            try:
                barrier.wait()
                post.deliver(memory)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert sorted(email.subject for email, _id in memory.sent) == sorted(f"Nummer {n}" for n in range(12))
        assert {message.attempts for message in post.messages()} == {1}


class TestFailing:
    def test_the_waits_grow_until_it_is_given_up(self, post: Post, set_clock: Clock) -> None:
        set_clock(NOON)
        post.queue()
        at, waits = NOON, list[timedelta]()
        failing = Failing(ConnectionRefusedError())
        for _ in range(MOST_ATTEMPTS - 1):
            post.deliver(failing)
            assert post.deliver(failing) == 0
            waits.append(post.message().due_at - at)
            set_clock(post.message().due_at - timedelta(seconds=1))
            post.deliver(failing)
            at = post.message().due_at
            set_clock(at)
        assert waits == sorted(set(waits))
        assert waits[0] == timedelta(minutes=1)
        assert post.states() == [MessageState.QUEUED]
        post.deliver(failing)
        assert (post.states(), failing.tried) == ([MessageState.DEAD], MOST_ATTEMPTS)
        set_clock(at + timedelta(days=30))
        assert post.deliver(MemoryTransport()) == 0

    @pytest.mark.parametrize("answer", ["550 5.1.1 no such person", "554 5.7.1 not wanted"])
    def test_a_refusal_for_good_is_the_end(self, post: Post, mail_server: MailServer, answer: str) -> None:
        post.queue()
        mail_server.to_recipient = lambda _address: answer
        post.deliver(mail_server.transport())
        assert post.message().state is MessageState.DEAD
        assert post.message().failure == f"SMTPRecipientsRefused {answer[:3]}"

    def test_so_is_one_of_the_message(self, post: Post, mail_server: MailServer) -> None:
        post.queue()
        mail_server.to_data = "554 5.7.1 not wanted"
        post.deliver(mail_server.transport())
        assert (post.message().state, post.message().failure) == (MessageState.DEAD, "SMTPDataError 554")

    @pytest.mark.parametrize("answer", ["450 4.2.0 greylisted", "421 4.3.2 closing"])
    def test_a_refusal_for_now_is_tried_again(self, post: Post, mail_server: MailServer, answer: str) -> None:
        post.queue()
        mail_server.to_recipient = lambda _address: answer
        post.deliver(mail_server.transport())
        assert post.message().state is MessageState.QUEUED
        assert post.message().failure == f"SMTPRecipientsRefused {answer[:3]}"

    def test_a_wrong_password_to_the_server_is_not_the_messages_end(self, post: Post) -> None:
        post.queue()
        post.deliver(Failing(smtplib.SMTPAuthenticationError(535, b"no")))
        assert post.states() == [MessageState.QUEUED]

    def test_a_server_that_is_gone_is_left_alone_for_a_while(self, post: Post) -> None:
        for number in range(10):
            post.queue(number)
        failing = Failing(TimeoutError())
        assert post.deliver(failing) == 0
        assert failing.tried == LOST_IN_A_ROW
        assert sum(message.attempts for message in post.messages()) == LOST_IN_A_ROW

    def test_a_server_that_answers_is_not(self, post: Post) -> None:
        for number in range(10):
            post.queue(number)
        failing = Failing(smtplib.SMTPDataError(451, b"later"))
        post.deliver(failing)
        assert failing.tried == 10

    def test_what_failed_says_nothing_about_the_receiver(
        self, post: Post, mail_server: MailServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, "app")
        post.queue()
        mail_server.to_recipient = lambda address: f"550 {address} is unknown"
        post.deliver(mail_server.transport())
        assert ADDRESS not in (post.message().failure or "")
        assert caplog.messages
        assert ADDRESS not in caplog.text


class TestLease:
    def test_a_message_somebody_sends_is_left_alone(self, post: Post) -> None:
        post.queue()

        class Meanwhile:
            sent = MemoryTransport()

            def send(self, _email: Email, _message_id: str) -> None:
                assert post.deliver(self.sent) == 0

        assert post.deliver(Meanwhile()) == 1
        assert Meanwhile.sent.sent == []

    @pytest.mark.parametrize("has_gone", [False, True])
    def test_one_whose_sender_died_is_sent_again_as_the_same_mail(
        self, post: Post, set_clock: Clock, *, has_gone: bool
    ) -> None:
        set_clock(NOON)
        post.queue()
        killed, memory = Killed(has_gone), MemoryTransport()
        with pytest.raises(SystemExit):
            post.deliver(killed)
        set_clock(NOON + LEASE - timedelta(seconds=1))
        assert post.deliver(memory) == 0
        set_clock(NOON + LEASE + timedelta(seconds=1))
        assert post.deliver(memory) == 1
        assert {message_id for _email, message_id in memory.sent} | set(killed.sent) == {post.message().message_id}
        assert post.states() == [MessageState.SENT]

    @pytest.mark.parametrize("has_gone", [False, True])
    def test_one_that_must_not_go_twice_waits_for_a_person(
        self, post: Post, set_clock: Clock, *, has_gone: bool
    ) -> None:
        set_clock(NOON)
        post.queue(is_repeatable=False)
        memory = MemoryTransport()
        with pytest.raises(SystemExit):
            post.deliver(Killed(has_gone))
        set_clock(NOON + LEASE + timedelta(seconds=1))
        assert post.deliver(memory) == 0
        assert (memory.sent, post.message().state) == ([], MessageState.DEAD)
        assert post.message().failure == "uncertain"

    def test_one_that_kills_its_sender_every_time_is_given_up(self, post: Post, set_clock: Clock) -> None:
        post.queue()
        for step in range(MOST_ATTEMPTS):
            set_clock(NOON + step * (LEASE + timedelta(seconds=1)) + timedelta(days=500))
            with pytest.raises(SystemExit):
                post.deliver(Killed(has_gone=False))
        set_clock(NOON + timedelta(days=600))
        assert post.deliver(MemoryTransport()) == 0
        assert post.states() == [MessageState.DEAD]

    @pytest.mark.parametrize(
        ("error", "state"),
        [
            (smtplib.SMTPServerDisconnected(), MessageState.DEAD),
            (TimeoutError(), MessageState.DEAD),
            (ConnectionResetError(), MessageState.DEAD),
            (ConnectionRefusedError(), MessageState.QUEUED),
            (smtplib.SMTPDataError(451, b"later"), MessageState.QUEUED),
            (smtplib.SMTPNotSupportedError(), MessageState.QUEUED),
            (smtplib.SMTPDataError(550, b"never"), MessageState.DEAD),
        ],
    )
    def test_one_that_must_not_go_twice_is_tried_again_only_if_it_did_not_go(
        self, post: Post, error: Exception, state: MessageState
    ) -> None:
        post.queue(is_repeatable=False)
        post.deliver(Failing(error))
        assert post.states() == [state]

    def test_one_that_was_never_composed_certainly_did_not_go(self, post: Post) -> None:
        post.queue(1, "test.stumble", is_repeatable=False)
        post.deliver(MemoryTransport())
        assert post.states() == [MessageState.QUEUED]

    def test_a_late_failure_does_not_undo_what_somebody_else_has_done(self, post: Post, set_clock: Clock) -> None:
        set_clock(NOON)
        post.queue()

        class Slow:
            def send(self, _email: Email, _message_id: str) -> None:
                set_clock(NOON + LEASE + timedelta(seconds=1))
                assert post.deliver(MemoryTransport()) == 1
                raise TimeoutError

        assert post.deliver(Slow()) == 0
        assert (post.message().state, post.message().failure) == (MessageState.SENT, None)


class TestTakeBack:
    def take_back(self, post: Post, name: str | None = None, *, has_failed: bool = True) -> bool:
        report = DeliveryReport((name or post.message().message_id,), has_failed, "5.1.1" if has_failed else "")
        with post.database.transaction() as session:
            return take_back(session, report) is not None

    def test_a_mail_that_comes_back_has_not_arrived(self, post: Post, caplog: pytest.LogCaptureFixture) -> None:
        post.queue()
        post.deliver(MemoryTransport())
        assert self.take_back(post)
        assert (post.message().state, post.message().failure) == (MessageState.DEAD, "returned 5.1.1")
        assert post.message().sent_at is not None
        assert ADDRESS not in caplog.text

    def test_so_it_is_when_it_is_told_twice_or_is_queued_again(self, post: Post) -> None:
        post.queue()
        post.deliver(MemoryTransport())
        assert [self.take_back(post), self.take_back(post)] == [True, False]
        post.queue()
        assert post.deliver(MemoryTransport()) == 0
        assert post.states() == [MessageState.DEAD]

    def test_one_that_is_only_delayed_may_yet_arrive(self, post: Post) -> None:
        post.queue()
        post.deliver(MemoryTransport())
        assert not self.take_back(post, has_failed=False)
        assert post.states() == [MessageState.SENT]

    def test_one_that_comes_back_before_its_sender_has_noted_that_it_went_stays_so(self, post: Post) -> None:
        post.queue()

        class Prompt:
            def send(_self, _email: Email, _message_id: str) -> None:  # noqa: N805
                assert self.take_back(post)

        post.deliver(Prompt())
        assert post.states() == [MessageState.DEAD]

    @pytest.mark.parametrize("kind", ["test.drop", None])
    def test_one_that_never_went_cannot_come_back(self, post: Post, kind: str | None) -> None:
        post.queue(1, kind or "test.mail")
        if kind is not None:
            post.deliver(MemoryTransport())
        before = post.states()
        with pytest.raises(NotFound):
            self.take_back(post)
        assert post.states() == before

    @pytest.mark.parametrize("name", ["<1@aterkomst.invalid>", f"{UUID(int=7)}@aterkomst.invalid", "", "'; --"])
    def test_what_is_not_ours_is_told(self, post: Post, name: str) -> None:
        post.queue()
        post.deliver(MemoryTransport())
        with pytest.raises(NotFound):
            self.take_back(post, name or "<x@relay.example>")
        assert post.states() == [MessageState.SENT]


class TestQueries:
    def test_pages_can_ask_what_became_of_a_message(self, post: Post) -> None:
        post.queue(1)
        post.queue(2, "test.drop")
        post.deliver(MemoryTransport())
        actor = Actor.system(post.municipality_id)
        with post.database.transaction() as session:
            foreign = Actor.system(make_municipality(session).id)
            keys = ["mail:1", "mail:2", "mail:3"]
            found = queries.states_by_key(session, keys, visible_to=actor)
            assert found == {"mail:1": MessageState.SENT, "mail:2": MessageState.DROPPED}
            assert queries.states_by_key(session, keys, visible_to=foreign) == {}
            assert queries.count_by_state(session) == {MessageState.SENT: 1, MessageState.DROPPED: 1}
            assert queries.count_by_state(session, foreign.municipality_id) == {}
            one = queries.find_by_key(session, "mail:1")
            assert one is not None
            assert one.payload == {"number": "1"}

    def test_a_message_holds_ids_only(self) -> None:
        names = {column.key for column in OutboxMessage.__table__.columns}
        assert not names & {"to", "email", "subject", "body", "text"}


def test_many_are_sent_in_turns(post: Post) -> None:
    with post.database.transaction() as session:
        for number in range(250):
            post.put(session, number)
    memory = MemoryTransport()
    turns: list[int] = []
    while sent := post.deliver(memory):
        turns.append(sent)
    assert turns == [100, 100, 50]
    with post.database.reading() as session:
        assert session.scalar(select(func.count()).where(OutboxMessage.state == MessageState.SENT)) == 250


def test_messages_of_a_statement_s_rows_are_queued_once(post):
    """Two rows, one of them queued already: the other one is new, and again nothing is."""
    post.queue(1)
    with post.database.transaction() as session:
        numbers = union_all(*(select(literal(number).label("number")) for number in (1, 2))).subquery()
        number = cast(numbers.c.number, String)
        rows = select(
            literal(post.municipality_id, Uuid()).label("municipality_id"),
            (literal("mail:") + number).label("dedupe_key"),
            json_pair(literal("number"), number).label("payload"),
        )
        assert enqueue_from(session, "test.mail", rows) == 1
        assert enqueue_from(session, "test.mail", rows) == 0
    assert [each.payload for each in post.messages()] == [{"number": "1"}, {"number": "2"}]
    transport = MemoryTransport()
    assert post.deliver(transport) == 2
