"""The client against a real server that misbehaves: it asks again when that may help, and always ends."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from app.rosters.service.client import Connection, Limits, RegisterClient, RegisterFailed, Wanted, read_register
from app.rosters.types.fetching import FetchFailure
from tests.conftest import Clock
from tests.machine.mail_server import make_certificate
from tests.machine.register_server import CLIENT_ID, SECRET, RegisterServer, running

NOON = datetime(2026, 8, 19, 12, tzinfo=UTC)
QUICK = Limits(connect=2, read=0.3, waits=(1, 5, 20), page_size=10)
WANTED = Wanted(frozenset({"01990011", "01990012"}), date(2026, 8, 19), {}, omits_unmarked=False)


class Waits(list[float]):
    """Notes how long the client would have waited, and does not."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


Open = Callable[..., RegisterClient]


@pytest.fixture
def client(register_server: RegisterServer, waits: Waits) -> Iterator[Open]:
    """Open clients of the register: `client(limits, token_url="")`."""
    opened: list[RegisterClient] = []

    def open_client(limits: Limits = QUICK, wait: Waits | None = None, **values: str) -> RegisterClient:
        own = {"base_url": register_server.base_url, "token_url": register_server.token_url}
        settings = own | {"client_id": CLIENT_ID, "scope": "", "secret": SECRET} | values
        opened.append(RegisterClient(Connection(**settings), limits, waits if wait is None else wait))
        return opened[-1]

    yield open_client
    for each in opened:
        each.__exit__()


def read(client: RegisterClient) -> Any:
    return read_register(client, WANTED, lambda _step: None)


def failure(client: RegisterClient) -> FetchFailure:
    with pytest.raises(RegisterFailed) as caught:
        read(client)
    return caught.value.failure


class TestReading:
    def test_every_pupil_comes_with_number_grade_and_class(self, client: Open) -> None:
        reading = read(client())
        assert {code: len(pupils) for code, pupils in reading.pupils.items()} == {"01990011": 24, "01990012": 24}
        first = reading.pupils["01990011"][0]
        assert (len(first.number), first.grade, first.school_class) == (12, "1", "1 A")
        assert first.birth_date == f"{first.number[:4]}-{first.number[4:6]}-{first.number[6:8]}"
        assert {pupil.school_class for pupil in reading.pupils["01990012"]} == {"1 A", "4 B"}
        assert (dict(reading.protected), reading.unplaced, reading.tells_guardians) == ({}, 0, True)

    @pytest.mark.parametrize("trait", ["speaks_by_name", "ignores_filters", "refuses_filters", "wants_secret_in_form"])
    def test_servers_differ_and_the_pupils_are_the_same(
        self, client: Open, register_server: RegisterServer, trait: str
    ) -> None:
        expected = read(client()).pupils
        setattr(register_server, trait, True)
        assert read(client()).pupils == expected

    def test_only_what_is_needed_is_asked_for(self, client: Open, register_server: RegisterServer) -> None:
        read(client())
        nouns = {path.partition("?")[0].rpartition("/")[2] for path in register_server.asked}
        assert nouns == {"token", "organisations", "persons", "groups"}
        assert "relationship.entity.type=enrolment" in next(path for path in register_server.asked if "persons" in path)
        assert "relationship.entity.type=responsibleFor.enrolment" in " ".join(register_server.asked)

    def test_a_token_of_ones_own_is_sent_as_it_is(self, client: Open, register_server: RegisterServer) -> None:
        register_server.tokens["my-own"] = 1_000
        assert read(client(token_url="", secret="my-own")).pupils
        assert register_server.count("token") == 0


class TestAgain:
    def test_what_may_pass_is_asked_again_after_growing_waits(
        self, client: Open, register_server: RegisterServer, waits: Waits
    ) -> None:
        register_server.statuses = {"persons": [500, 429, 503]}
        assert read(client()).pupils
        assert waits == [1, 5, 20]

    @pytest.mark.parametrize(
        "case",
        [(429, FetchFailure.SLOW), (502, FetchFailure.ERROR), (503, FetchFailure.SLOW), (404, FetchFailure.NOT_FOUND)],
    )
    @pytest.mark.parametrize("noun", ["token", "groups"])
    def test_what_a_server_says_is_told_apart(
        self, client: Open, register_server: RegisterServer, noun: str, case: tuple[int, FetchFailure]
    ) -> None:
        register_server.statuses = {noun: [case[0], -1]}
        assert failure(client()) is case[1]

    def test_what_does_not_pass_ends(self, client: Open, register_server: RegisterServer, waits: Waits) -> None:
        register_server.statuses = {"persons": [500, -1]}
        assert failure(client()) is FetchFailure.ERROR
        assert (waits, register_server.count("persons")) == ([1, 5, 20], 4)

    @pytest.mark.parametrize(
        "case",
        [
            ("7", 7),
            ("86400", 60),
            (format_datetime(NOON + timedelta(seconds=30)), 30),
            (format_datetime(NOON - timedelta(days=1)), 1),
            ("soon", 1),
            ("²", 1),
            ("-5", 1),
            (f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", 1),
        ],
    )
    def test_a_server_is_left_alone_as_long_as_it_asks_within_limits(
        self, client: Open, register_server: RegisterServer, set_clock: Clock, case: tuple[str, int]
    ) -> None:
        set_clock(NOON)
        register_server.statuses = {"groups": [503]}
        register_server.headers = {"Retry-After": case[0]}
        waits = Waits()
        assert read(client(wait=waits)).pupils
        assert waits == [case[1]]

    def test_silence_is_waited_out_a_few_times(
        self, client: Open, register_server: RegisterServer, waits: Waits
    ) -> None:
        register_server.silent = {"organisations"}
        limits = Limits(read=0.05, waits=(1, 5))
        assert failure(client(limits)) is FetchFailure.SLOW
        assert (waits, register_server.count("organisations")) == ([1, 5], 3)

    @pytest.mark.parametrize("noun", ["token", "persons"])
    def test_an_answer_that_comes_a_byte_at_a_time_is_cut_off(
        self, client: Open, register_server: RegisterServer, noun: str
    ) -> None:
        register_server.trickles = {noun}
        assert failure(client(Limits(read=30, answer=0.1, waits=()))) is FetchFailure.SLOW

    def test_a_server_that_hangs_up_or_is_not_there_is_down(
        self, client: Open, register_server: RegisterServer, waits: Waits
    ) -> None:
        register_server.hangs_up = {"persons"}
        assert failure(client()) is FetchFailure.DOWN
        nobody = "http://127.0.0.1:9/ss12000"
        assert failure(client(base_url=nobody, token_url="", secret="x")) is FetchFailure.DOWN
        assert waits == [1, 5, 20] * 2

    def test_all_of_it_may_not_take_for_ever(self, client: Open, set_clock: Clock) -> None:
        set_clock(NOON)
        slow = client()
        pages = slow.pages("persons", {})
        next(pages)
        set_clock(NOON + timedelta(minutes=16))
        with pytest.raises(RegisterFailed, match="slow"):
            next(pages)


class TestSigningIn:
    def test_a_token_that_runs_out_is_changed_for_a_new_one(
        self, client: Open, register_server: RegisterServer
    ) -> None:
        register_server.lives_of_token = 3
        assert read(client()).pupils
        assert register_server.count("token") == len(register_server.tokens) > 1

    def test_a_register_that_takes_no_token_is_asked_with_one_new_token_and_then_no_more(
        self, client: Open, register_server: RegisterServer, waits: Waits
    ) -> None:
        register_server.statuses = {"persons": [401, -1]}
        assert failure(client()) is FetchFailure.SIGN_IN
        assert (register_server.count("token"), register_server.count("persons"), waits) == (2, 2, [])

    @pytest.mark.parametrize(
        "values", [{"secret": "wrong"}, {"client_id": "who"}, {"token_url": "", "secret": "wrong"}]
    )
    def test_a_wrong_secret_ends_at_once(self, client: Open, waits: Waits, values: dict[str, str]) -> None:
        assert failure(client(**values)) is FetchFailure.SIGN_IN
        assert waits == []

    @pytest.mark.parametrize("status", [400, 401, 403])
    def test_no_token_is_no_way_in(self, client: Open, register_server: RegisterServer, status: int) -> None:
        register_server.statuses = {"token": [status, -1]}
        assert failure(client()) is FetchFailure.SIGN_IN

    def test_what_may_not_be_read_is_not_asked_again(
        self, client: Open, register_server: RegisterServer, waits: Waits
    ) -> None:
        register_server.statuses = {"persons": [403, -1]}
        assert failure(client()) is FetchFailure.SIGN_IN
        assert waits == []

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'{"access_token": 5}', b'{"access_token": "a b"}', b'{"access_token": "a\\r\\nX: y"}']
    )
    def test_a_token_that_is_none_is_unreadable(
        self, client: Open, register_server: RegisterServer, body: bytes
    ) -> None:
        register_server.bodies = {"token": body}
        assert failure(client()) is FetchFailure.UNREADABLE

    def test_a_secret_that_no_header_can_hold_is_no_way_in(self, client: Open) -> None:
        assert failure(client(token_url="", secret="a\nb")) is FetchFailure.SIGN_IN


class TestEnds:
    def test_pages_that_begin_again_end(self, client: Open, register_server: RegisterServer) -> None:
        register_server.endless = {"persons"}
        assert failure(client()) is FetchFailure.ENDLESS
        assert register_server.count("persons") < 10

    def test_a_token_that_comes_again_ends(self, client: Open, register_server: RegisterServer) -> None:
        register_server.repeats_token = {"organisations"}
        assert failure(client()) is FetchFailure.ENDLESS
        assert register_server.count("organisations") == 2

    def test_more_pages_than_anybody_has_end(self, client: Open) -> None:
        assert failure(client(Limits(page_size=1, most_pages=2))) is FetchFailure.ENDLESS

    def test_a_body_without_end_ends(self, client: Open, register_server: RegisterServer) -> None:
        register_server.huge = {"persons"}
        assert failure(client()) is FetchFailure.TOO_MUCH

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b'{"data": [{"id": "1"}, ',
            b"<html>Underh\xc3\xa5ll</html>",
            b"\xff\xfe\x00",
            b"null",
            b"17",
            b'{"data": {}}',
            b'{"data": ["x"]}',
            b'{"data": [{"givenName": "Elin"}]}',
            b'{"data": [{"id": "1", "enrolments": "x"}]}',
            b'{"data": [{"id": "1", "responsibles": [7]}]}',
            b'{"data": [], "pageToken": {}}',
            b"[" * 100_000,
            b'{"data": [{"id": ' + b"9" * 5_000 + b"}]}",
        ],
    )
    def test_what_cannot_be_read_ends(
        self, client: Open, register_server: RegisterServer, waits: Waits, body: bytes
    ) -> None:
        register_server.bodies = {"persons": body}
        assert failure(client()) is FetchFailure.UNREADABLE
        assert waits == []

    @pytest.mark.parametrize("noun", ["organisations", "persons", "groups"])
    def test_ids_that_change_between_pages_end(self, client: Open, register_server: RegisterServer, noun: str) -> None:
        if noun == "persons":  # The last page begins anew, so that some come again.
            register_server.page_size = 7
            register_server.data.persons.extend(register_server.data.persons[:40])
        register_server.changes_ids_of = noun
        if noun == "groups":  # Nobody refers to the id of a group, so that it may change.
            assert read(client()).pupils
        else:
            assert failure(client()) is FetchFailure.CHANGED


class TestElsewhere:
    @pytest.mark.parametrize(
        "to", ["http://localhost:{port}/x", "https://127.0.0.1:{port}/x", "//evil.example/x", "http://[", "file:///etc"]
    )
    def test_nobody_is_sent_to_another_machine(self, client: Open, register_server: RegisterServer, to: str) -> None:
        register_server.statuses = {"persons": [302, -1]}
        register_server.headers = {"Location": to.format(port=register_server.port)}
        assert failure(client()) is FetchFailure.MOVED

    def test_another_place_on_the_same_machine_is_looked_at(
        self, client: Open, register_server: RegisterServer
    ) -> None:
        register_server.statuses = {"groups": [308]}
        register_server.headers = {"Location": "groups"}
        assert read(client()).pupils

    def test_places_that_point_in_a_ring_end(self, client: Open, register_server: RegisterServer) -> None:
        register_server.statuses = {"groups": [307, -1]}
        register_server.headers = {"Location": "groups"}
        assert failure(client()) is FetchFailure.ENDLESS

    def test_a_secret_follows_nobody(self, client: Open, register_server: RegisterServer) -> None:
        register_server.statuses = {"token": [307, -1]}
        register_server.headers = {"Location": "/token"}
        assert failure(client()) is FetchFailure.MOVED

    @pytest.mark.parametrize("values", [{"base_url": "http://register.example"}, {"token_url": "http://t.example"}])
    def test_nothing_goes_unencrypted_to_another_machine(self, client: Open, values: dict[str, str]) -> None:
        with pytest.raises(RegisterFailed, match="insecure"):
            client(**values)

    def test_a_certificate_of_nobodys_is_not_trusted(
        self, register_server: RegisterServer, client: Open, tmp_path: Any, waits: Waits
    ) -> None:
        own = RegisterServer(register_server.data)
        with running(own, tls=make_certificate(tmp_path)):
            insecure = client(base_url=own.base_url.replace("http:", "https:"), token_url="", secret="x")
            assert failure(insecure) is FetchFailure.INSECURE
        assert waits == []


def test_the_log_says_nothing_of_what_was_asked(client: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    read(client())
    assert "pageToken" not in caplog.text
