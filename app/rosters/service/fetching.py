"""Ordering class lists from a register, and fetching them.

An order is claimed with a lease in one short transaction, the register is read outside any, and the lists are staged
and the order ended in another: never half a roster. A worker that dies leaves a lease that runs out; the order is then
tried once more, and after that it has failed. What goes wrong changes nothing that is staged already.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.audit import service as audit
from app.audit.types import AuditAction
from app.kernel import clock
from app.kernel.database import Database
from app.kernel.errors import Refused, trail
from app.rosters import queries
from app.rosters.models import RegisterConnection, RosterFetch
from app.rosters.queries.rosters import takes_rosters
from app.rosters.service.client import Connection, Reading, RegisterClient, RegisterFailed, Wanted, read_register
from app.rosters.service.staging import stage
from app.rosters.types import RosterSource, UploadNotes
from app.rosters.types.fetching import FetchedUnit, FetchFailure, FetchResult, FetchState, FetchStep, NamedUnit
from app.surveys.models import SurveyRound

logger = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 2
LEASE: Final = timedelta(minutes=10)
"""Longer than one answer of the register takes at worst, with all its new attempts and waits."""
RENEWAL: Final = timedelta(minutes=1)
"""How often a worker says that it is alive."""

OpenClient = Callable[[Connection], RegisterClient]


def order_fetch(session: Session, actor: Actor, survey_round: SurveyRound | None, *, is_dry_run: bool) -> RosterFetch:
    """Order class lists for a round, or a dry run with or without one, which stages nothing.

    Raises `Refused`: "no_register", "fetch_is_under_way" or "round_takes_no_lists".
    """
    if queries.find_connection(session, visible_to=actor) is None:
        raise Refused("no_register")
    if survey_round is not None and not takes_rosters(survey_round):
        raise Refused("round_takes_no_lists")
    if queries.find_unfinished_fetch(session, visible_to=actor) is not None:
        raise Refused("fetch_is_under_way")
    fetch = RosterFetch(
        municipality_id=actor.municipality_id,
        round_id=survey_round.id if survey_round else None,
        is_dry_run=is_dry_run,
        ordered_at=clock.now(),
        ordered_by_id=actor.account_id,
    )
    session.add(fetch)
    session.flush()
    audit.record(session, actor, AuditAction.ROSTER_FETCH_ORDERED, fetch.id, round_id=fetch.round_id, trial=is_dry_run)
    return fetch


def end_unfinished(session: Session, actor: Actor) -> None:
    """End what waits or is under way, since its register is disconnected. A worker that has it in hand finds out."""
    if (fetch := queries.claim_unfinished_fetch(session, visible_to=actor)) is not None:
        _end(session, fetch, lambda: fetch.fail(FetchFailure.NO_CONNECTION, clock.now()))


@dataclass(frozen=True, slots=True, repr=False)
class _Order:
    """What a worker takes with it out of the transaction."""

    fetch_id: UUID
    attempt: int
    municipality_id: UUID
    ordered_by_id: UUID | None
    round_id: UUID | None
    is_dry_run: bool
    connection: Connection
    units: Mapping[str, tuple[UUID, str]]
    """Id and name of each unit asked about, by its code."""
    passed_over: Mapping[str, str]
    """Name by code of each unit that has answered or begun."""
    wanted: Wanted


class _Lost(Exception):
    """Another worker has the order in hand, or the register was disconnected and the order with it."""


def carry_out_fetch(database: Database, fetch_id: UUID, open_client: OpenClient = RegisterClient) -> None:
    """Do what was ordered, unless somebody else does it already."""
    if (order := _begin(database, fetch_id)) is None:
        return
    try:
        reading = _read(database, order, open_client)
        _succeed(database, order, reading)
    except _Lost:
        logger.info("fetch %s was taken over or ended", fetch_id)
    except RegisterFailed as failed:
        _fail(database, order, failed.failure)
    except Refused as refused:
        is_empty = refused.reason == "list_is_empty"  # All units that it told of have answered meanwhile.
        _fail(database, order, FetchFailure.NO_PUPILS if is_empty else FetchFailure.ROUND_OVER)
    except Exception as error:
        logger.error("fetch %s failed: %s", fetch_id, trail(error))
        _fail(database, order, FetchFailure.ERROR)


def _begin(database: Database, fetch_id: UUID) -> _Order | None:
    with database.transaction() as session:
        fetch = queries.claim_fetch(session, fetch_id, clock.wall())
        if fetch is None:
            return None
        actor = Actor.system(fetch.municipality_id)
        connection = queries.find_connection(session, visible_to=actor)
        if fetch.attempts >= MOST_ATTEMPTS or connection is None:
            failure = FetchFailure.NO_CONNECTION if connection is None else FetchFailure.INTERRUPTED
            _end(session, fetch, lambda: fetch.fail(failure, clock.now()))
            return None
        fetch.state, fetch.attempts = FetchState.FETCHING, fetch.attempts + 1
        fetch.step, fetch.leased_until = FetchStep.UNITS, clock.wall() + LEASE
        return _make_order(session, fetch, connection)


def _make_order(session: Session, fetch: RosterFetch, connection: RegisterConnection) -> _Order:
    own = queries.list_own_units(session, fetch.municipality_id)
    busy = _find_busy(session, fetch.round_id) if fetch.round_id else set()
    units = {unit.school_unit_code: (unit.id, unit.name) for unit in own if unit.id not in busy}
    # The trial of the connection takes the codes as they are: that is how one agrees to codes that have changed.
    known = {} if fetch.round_id is None else dict(connection.known_units)
    return _Order(
        fetch_id=fetch.id,
        attempt=fetch.attempts,
        municipality_id=fetch.municipality_id,
        ordered_by_id=fetch.ordered_by_id,
        round_id=fetch.round_id,
        is_dry_run=fetch.is_dry_run,
        connection=Connection(
            connection.base_url, connection.token_url, connection.client_id, connection.scope, connection.secret
        ),
        units=units,
        passed_over={unit.school_unit_code: unit.name for unit in own if unit.id in busy},
        wanted=Wanted(frozenset(units), _find_day(session, fetch), known, connection.omits_unmarked),
    )


def _find_busy(session: Session, round_id: UUID) -> set[UUID]:
    """Return the units that have answered or begun to go through the list they have."""
    staged = queries.list_staged(session, round_id)
    begun = {roster.school_unit_id for roster in staged if any(each.marked for each in roster.classes)}
    return begun | set(queries.list_answered_units(session, round_id))


def _find_day(session: Session, fetch: RosterFetch) -> date:
    """Return the day that enrolments must hold on: today, or that of a round that has not opened yet."""
    survey_round = session.get(SurveyRound, fetch.round_id) if fetch.round_id else None
    return max(clock.today(), clock.local(survey_round.opens_at).date()) if survey_round else clock.today()


@dataclass(slots=True)
class _Beating:
    """A register whose every page is also a sign of life."""

    database: Database
    order: _Order
    client: RegisterClient
    renewed_at: datetime

    def pages(self, noun: str, filters: Mapping[str, str]) -> Iterator[Sequence[Mapping[str, Any]]]:
        """Yield the register's pages."""
        for page in self.client.pages(noun, filters):
            if clock.wall() - self.renewed_at > RENEWAL:
                self.note(None)
            yield page

    def note(self, step: FetchStep | None) -> None:
        """Renew the lease, and say which step begins. Raises `_Lost` when it had run out and another has begun."""
        with self.database.transaction() as session:
            fetch = _still_ours(session, self.order)
            fetch.leased_until = clock.wall() + LEASE
            fetch.step = step or fetch.step
        self.renewed_at = clock.wall()


def _read(database: Database, order: _Order, open_client: OpenClient) -> Reading:
    with open_client(order.connection) as client:
        source = _Beating(database, order, client, clock.wall())
        reading = read_register(source, order.wanted, source.note)
        source.note(FetchStep.STAGING)
        return reading


def _still_ours(session: Session, order: _Order) -> RosterFetch:
    if (fetch := queries.claim_attempt(session, order.fetch_id, order.attempt)) is None:
        raise _Lost
    return fetch


def _succeed(database: Database, order: _Order, reading: Reading) -> None:
    """Stage what was read and end the order, both or neither."""
    with database.transaction() as session:
        fetch = _still_ours(session, order)
        upload_id = None if order.is_dry_run else _stage(session, order, reading)
        found = _describe(order, reading)
        _end(session, fetch, lambda: fetch.finish(found, clock.now(), upload_id))
        _remember_units(session, order, dict(order.wanted.known_units) | dict(reading.unit_codes))


def _remember_units(session: Session, order: _Order, codes: Mapping[str, str]) -> None:
    """Keep the units' codes with the connection, unless it is to another register by now.

    Its version stays: an administrator who has the form before them has seen all that is in it.
    """
    session.execute(
        update(RegisterConnection)
        .where(
            RegisterConnection.municipality_id == order.municipality_id,
            RegisterConnection.base_url == order.connection.base_url,
        )
        .values(known_units=codes)
    )


def _stage(session: Session, order: _Order, reading: Reading) -> UUID:
    survey_round = session.get_one(SurveyRound, order.round_id)
    present = sorted({*reading.pupils, *reading.protected})
    return stage(
        session,
        Actor.system(order.municipality_id),
        survey_round,
        RosterSource.SS12000,
        {order.units[code][0]: list(reading.pupils.get(code, ())) for code in present},
        protected={order.units[code][0]: reading.protected.get(code, 0) for code in present},
        notes=UploadNotes(other=() if reading.tells_guardians else ("guardians_not_told",)),
    )


def _describe(order: _Order, reading: Reading) -> FetchResult:
    pupils = [pupil for listed in reading.pupils.values() for pupil in listed]
    here = {*reading.unit_codes.values()}
    return FetchResult(
        units=[
            FetchedUnit(
                code=code,
                name=name,
                pupils=len(listed := reading.pupils.get(code, ())),
                classes=len({pupil.school_class for pupil in listed}),
                protected=reading.protected.get(code, 0),
            )
            for code, (_, name) in order.units.items()
            if code in here
        ],
        unknown_to_register=[NamedUnit(code, name) for code, (_, name) in order.units.items() if code not in here],
        unknown_to_us=[unit for unit in reading.others if unit.code not in order.passed_over],
        passed_over=[NamedUnit(code, name) for code, name in order.passed_over.items()],
        without_number=sum(not pupil.number for pupil in pupils),
        without_class=sum(not pupil.school_class for pupil in pupils),
        unplaced=reading.unplaced,
        tells_guardians=reading.tells_guardians,
    )


def _fail(database: Database, order: _Order, failure: FetchFailure) -> None:
    with database.transaction() as session:
        if (fetch := queries.claim_attempt(session, order.fetch_id, order.attempt)) is not None:
            _end(session, fetch, lambda: fetch.fail(failure, clock.now()))


def _end(session: Session, fetch: RosterFetch, change: Callable[[], None]) -> None:
    change()
    outcome = fetch.failure.value if fetch.failure else fetch.state.value
    actor = Actor.system(fetch.municipality_id)
    audit.record(session, actor, AuditAction.ROSTER_FETCHED, fetch.id, outcome=outcome)
