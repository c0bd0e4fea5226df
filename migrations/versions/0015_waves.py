"""Waves, reminders by steps, schedules, what is done by hand in a round; whom a silent school's principal answers to.

A plan's four days become its first wave, and the two follow-up waves come with it. A round that there is keeps the
moments its schools were told: its one reminder, and no escalation.
"""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0015_waves"
down_revision = "0014_calendars"
branch_labels = None
depends_on = None

FOLLOW_UPS = (
    {"open": 15, "reminders": [17, 19], "due": 19, "escalate": 20, "call": 21, "close": 25},
    {"open": 35, "reminders": [37, 39], "due": 39, "escalate": 40, "call": 41, "close": 45},
)
AFTER = {"open": 0, "reminders": [3, 6], "due": 7, "escalate": 9, "call": 10, "close": 14}
BEFORE = {"open": 0, "reminders": [3, 5], "due": 6, "escalate": 7, "call": 8, "close": 12}
OPTIONAL = (
    ("after_autumn", "Kartläggning efter höstlovet", 0, AFTER),
    ("before_christmas", "Oro inför jullovet", 15, BEFORE),
    ("before_summer", "Oro inför sommarlovet", 15, BEFORE),
)
FIRST_WAVE_CHECK = (
    "0 <= open_after_days AND open_after_days < remind_after_days AND remind_after_days < due_after_days"
    " AND due_after_days < close_after_days"
)
OLD_KINDS = ("after_summer", "after_christmas")

MOMENT = sa.DateTime(timezone=True)
plan = sa.table(
    "survey_plan",
    sa.column("id", sa.Uuid()),
    sa.column("municipality_id", sa.Uuid()),
    sa.column("kind", sa.String()),
    sa.column("lead_days", sa.Integer()),
    *(sa.column(f"{name}_after_days", sa.Integer()) for name in ("open", "remind", "due", "close")),
)
wave = sa.table(
    "planned_wave",
    sa.column("id", sa.Uuid()),
    sa.column("municipality_id", sa.Uuid()),
    sa.column("plan_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("days", sa.JSON()),
)
survey_round = sa.table(
    "survey_round",
    sa.column("id", sa.Uuid()),
    sa.column("municipality_id", sa.Uuid()),
    sa.column("plan_id", sa.Uuid()),
    sa.column("year", sa.Integer()),
    sa.column("occurrence_key", sa.String()),
    sa.column("asks", sa.String()),
    sa.column("wave", sa.Integer()),
    sa.column("days", sa.JSON()),
    sa.column("state", sa.String()),
    sa.column("opens_at", MOMENT),
    sa.column("opened_at", MOMENT),
    sa.column("closes_at", MOMENT),
    sa.column("version", sa.Integer()),
)
round_schedule = sa.table(
    "round_schedule",
    sa.column("id", sa.Uuid()),
    sa.column("municipality_id", sa.Uuid()),
    sa.column("round_id", sa.Uuid()),
    sa.column("opens_at", MOMENT),
    sa.column("due_at", MOMENT),
    sa.column("closes_at", MOMENT),
    sa.column("steps", sa.JSON()),
)
invitation = sa.table(
    "invitation",
    sa.column("id", sa.Uuid()),
    sa.column("municipality_id", sa.Uuid()),
    sa.column("round_id", sa.Uuid()),
    sa.column("schedule_id", sa.Uuid()),
    sa.column("number", sa.Integer()),
    sa.column("asks", sa.String()),
    sa.column("next_step", sa.Integer()),
    *(
        sa.column(name, MOMENT)
        for name in ("opens_at", "remind_at", "due_at", "closes_at", "reminded_at", "submitted_at", "next_at")
    ),
)
reminder = sa.table(
    "reminder",
    sa.column("invitation_id", sa.Uuid()),
    sa.column("step", sa.String()),
    sa.column("is_manual", sa.Boolean()),
    sa.column("is_late", sa.Boolean()),
    sa.column("queued_at", MOMENT),
)
response = sa.table("response", sa.column("invitation_id", sa.Uuid()))


def upgrade() -> None:
    _make_tables()
    _upgrade_plans()
    _upgrade_rounds()
    _upgrade_invitations()
    _upgrade_reminders()
    for name in ("head_name_sealed", "head_email_sealed", "head_phone_sealed"):
        op.add_column("school_unit", sa.Column(name, sa.LargeBinary(), nullable=True))


def _make_tables() -> None:
    op.create_table(
        "planned_wave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_planned_wave_municipality_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["survey_plan.id"], name=op.f("fk_planned_wave_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_wave")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_planned_wave_plan_id_number")),
    )
    op.create_index(op.f("ix_planned_wave_municipality_id"), "planned_wave", ["municipality_id"], unique=False)
    op.create_table(
        "round_schedule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "opens_at < due_at AND due_at <= closes_at", name=op.f("ck_round_schedule_moments_come_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_round_schedule_municipality_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["survey_round.id"], name=op.f("fk_round_schedule_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_schedule")),
    )
    op.create_index(op.f("ix_round_schedule_municipality_id"), "round_schedule", ["municipality_id"], unique=False)
    op.create_index(op.f("ix_round_schedule_round_id"), "round_schedule", ["round_id"], unique=False)
    op.create_table(
        "phone_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("municipality_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_phone_note_by_id")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_phone_note_invitation_id")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_phone_note_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_note")),
    )
    op.create_index(op.f("ix_phone_note_invitation_id"), "phone_note", ["invitation_id"], unique=False)
    op.create_index(op.f("ix_phone_note_municipality_id"), "phone_note", ["municipality_id"], unique=False)


def _upgrade_plans() -> None:
    connection = op.get_bind()
    before = [column for column in plan.c if column.name != "lead_days"]
    for row in connection.execute(sa.select(*before)).all():
        due = row.due_after_days
        first = {
            "open": row.open_after_days,
            "reminders": [row.remind_after_days],
            "due": due,
            "escalate": due + 2,
            "call": due + 3,
            "close": max(row.close_after_days, due + 4),
        }
        later = (days for days in FOLLOW_UPS if days["open"] > first["close"]) if row.kind in OLD_KINDS else ()
        for number, days in enumerate((first, *later)):
            connection.execute(
                sa.insert(wave).values(
                    id=uuid4(), municipality_id=row.municipality_id, plan_id=row.id, number=number, days=days
                )
            )
    op.add_column("survey_plan", sa.Column("letter", sa.Text(), nullable=True))
    op.add_column("survey_plan", sa.Column("lead_days", sa.Integer(), nullable=True))
    op.add_column("survey_plan", sa.Column("begins_at", MOMENT, nullable=True))
    op.add_column("survey_plan", sa.Column("drafted_at", MOMENT, nullable=True))
    connection.execute(sa.update(plan).values(lead_days=0))
    _add_optional_plans()
    checks = [("leads_forward", "lead_days >= 0")]
    with _changed("survey_plan", drop=["days_come_in_order"], checks=checks) as batch:
        batch.alter_column("lead_days", existing_type=sa.Integer(), nullable=False)
        for name in ("open", "remind", "due", "close"):
            batch.drop_column(f"{name}_after_days")


def _add_optional_plans() -> None:
    """Give those who have plans the new ones too, turned off."""
    connection = op.get_bind()
    whole = sa.table(
        "survey_plan",
        *(sa.column(column.name, column.type) for column in plan.c),
        *(sa.column(name) for name in ("version", "title", "is_active")),
    )
    for municipality_id in connection.scalars(sa.select(plan.c.municipality_id).distinct()).all():
        for kind, title, lead_days, days in OPTIONAL:
            plan_id = uuid4()
            values = {"id": plan_id, "municipality_id": municipality_id, "version": 1, "kind": kind, "title": title}
            old = {
                f"{name}_after_days": days[key] for name, key in (("open", "open"), ("due", "due"), ("close", "close"))
            }
            old["remind_after_days"] = days["reminders"][0]
            connection.execute(sa.insert(whole).values(**values, **old, is_active=False, lead_days=lead_days))
            connection.execute(
                sa.insert(wave).values(
                    id=uuid4(), municipality_id=municipality_id, plan_id=plan_id, number=0, days=days
                )
            )


def _upgrade_rounds() -> None:
    connection = op.get_bind()
    drop_index("ix_survey_round_open", "survey_round")
    for column in (
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("asks", ASKS, nullable=True),
        sa.Column("wave", sa.Integer(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("drafted_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("state_reason_sealed", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("survey_round", column)
    for row in connection.execute(sa.select(survey_round)).all():
        last = connection.scalar(
            sa.select(sa.func.max(invitation.c.closes_at, type_=MOMENT)).where(invitation.c.round_id == row.id)
        )
        days = connection.scalar(sa.select(wave.c.days).where(wave.c.plan_id == row.plan_id, wave.c.number == 0))
        values = {"asks": "return", "wave": 0, "version": 1, "days": days, "occurrence_key": f"{row.occurrence_key}:0"}
        values["closes_at"] = last or row.opens_at + timedelta(days=30)
        connection.execute(sa.update(survey_round).where(survey_round.c.id == row.id).values(values))
    checks = [
        ("closed_has_a_time", "state <> 'closed' OR closed_at IS NOT NULL"),
        ("open_has_a_time", "state NOT IN ('open', 'closed') OR opened_at IS NOT NULL"),
        ("opens_before_it_closes", "opens_at < closes_at"),
    ]
    with _changed("survey_round", drop=["closed_has_a_time"], checks=checks) as batch:
        for name, kind in (
            ("version", sa.Integer()),
            ("asks", ASKS),
            ("wave", sa.Integer()),
            ("closes_at", MOMENT),
        ):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.alter_column("opened_at", existing_type=MOMENT, nullable=True)
        batch.alter_column("title", existing_type=sa.String(120), type_=sa.String(160), existing_nullable=False)
        batch.drop_constraint("uq_survey_round_plan_id_year", type_="unique")
        batch.create_foreign_key(op.f("fk_survey_round_confirmed_by_id"), "account", ["confirmed_by_id"], ["id"])
    op.create_index("ix_survey_round_plan", "survey_round", ["plan_id", "year", "wave"], unique=False)
    partial_index("ix_survey_round_open", "survey_round", ["state"], "state = 'open'")
    partial_index("ix_survey_round_planned", "survey_round", ["opens_at"], "state = 'planned'")


def _upgrade_invitations() -> None:
    connection = op.get_bind()
    drop_index("ix_invitation_to_open", "invitation")
    drop_index("ix_invitation_to_remind", "invitation")
    for column in (
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("asks", ASKS, nullable=True),
        sa.Column("schedule_id", sa.Uuid(), nullable=True),
        sa.Column("next_step", sa.Integer(), nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("extended_because_sealed", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("invitation", column)
    moments = [
        invitation.c[name] for name in ("municipality_id", "round_id", "opens_at", "remind_at", "due_at", "closes_at")
    ]
    for row in connection.execute(sa.select(*moments).distinct()).all():
        schedule_id = uuid4()
        steps = [{"kind": "reminder", "at": _aware(row.remind_at).isoformat()}]
        connection.execute(
            sa.insert(round_schedule).values(
                id=schedule_id,
                municipality_id=row.municipality_id,
                round_id=row.round_id,
                opens_at=row.opens_at,
                due_at=row.due_at,
                closes_at=row.closes_at,
                steps=steps,
            )
        )
        same = [column == value for column, value in zip(moments, row, strict=True)]
        connection.execute(sa.update(invitation).where(*same).values(schedule_id=schedule_id))
    is_reminded = invitation.c.reminded_at.is_not(None)
    is_done = sa.or_(is_reminded, invitation.c.submitted_at.is_not(None))
    connection.execute(
        sa.update(invitation).values(
            number=1,
            asks="return",
            next_step=sa.case((is_reminded, 1), else_=0),
            next_at=sa.case((is_done, sa.null()), else_=invitation.c.remind_at),
        )
    )
    checks = [
        ("moments_come_in_order", "opens_at < due_at AND due_at <= closes_at"),
        ("answered_is_left_alone", "submitted_at IS NULL OR next_at IS NULL"),
    ]
    with _changed("invitation", drop=["moments_come_in_order"], checks=checks) as batch:
        for name, kind in (
            ("number", sa.Integer()),
            ("asks", ASKS),
            ("schedule_id", sa.Uuid()),
            ("next_step", sa.Integer()),
        ):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.drop_column("remind_at")
        batch.drop_column("reminded_at")
        batch.drop_constraint("uq_invitation_round_id_school_unit_id", type_="unique")
        batch.create_unique_constraint(
            op.f("uq_invitation_round_id_school_unit_id_number"), ["round_id", "school_unit_id", "number"]
        )
        batch.create_foreign_key(op.f("fk_invitation_schedule_id"), "round_schedule", ["schedule_id"], ["id"])
    partial_index("ix_invitation_to_open", "invitation", ["opens_at"], "invited_at IS NULL")
    partial_index("ix_invitation_next", "invitation", ["next_at"], "next_at IS NOT NULL")


def _upgrade_reminders() -> None:
    for column in (
        sa.Column("step", STEP, nullable=True),
        sa.Column("is_manual", sa.Boolean(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
    ):
        op.add_column("reminder", column)
    op.get_bind().execute(sa.update(reminder).values(step="reminder", is_manual=False, is_late=False))
    with _changed("reminder") as batch:
        for name, kind in (("step", STEP), ("is_manual", sa.Boolean()), ("is_late", sa.Boolean())):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.create_foreign_key(op.f("fk_reminder_by_id"), "account", ["by_id"], ["id"])


def downgrade() -> None:
    """Go back to one round a term. Refuses when schools have answered in rounds that have no place there."""
    _forget_later_rounds()
    for name in ("head_phone_sealed", "head_email_sealed", "head_name_sealed"):
        op.drop_column("school_unit", name)
    op.drop_table("phone_note")
    _downgrade_invitations()
    _downgrade_reminders()
    _downgrade_rounds()
    _downgrade_plans()
    op.drop_table("round_schedule")
    op.drop_table("planned_wave")


def _forget_later_rounds() -> None:
    connection = op.get_bind()
    old_plans = sa.select(plan.c.id).where(plan.c.kind.in_(OLD_KINDS))
    goes = sa.or_(
        survey_round.c.wave > 0,
        survey_round.c.state.in_(["planned", "cancelled"]),
        survey_round.c.plan_id.not_in(old_plans),
    )
    rounds = [row.id for row in connection.execute(sa.select(survey_round.c.id).where(goes))]
    asked = sa.select(invitation.c.id).where(invitation.c.round_id.in_(rounds))
    if connection.scalar(sa.select(sa.func.count()).select_from(response).where(response.c.invitation_id.in_(asked))):
        raise RuntimeError("schools have answered in rounds that the older version cannot hold")
    note = sa.table("phone_note", sa.column("invitation_id", sa.Uuid()))
    for table in (reminder, note):
        connection.execute(sa.delete(table).where(table.c.invitation_id.in_(asked)))
    connection.execute(sa.delete(invitation).where(invitation.c.round_id.in_(rounds)))
    connection.execute(sa.delete(round_schedule).where(round_schedule.c.round_id.in_(rounds)))
    connection.execute(sa.delete(survey_round).where(survey_round.c.id.in_(rounds)))
    connection.execute(sa.delete(wave).where(wave.c.plan_id.not_in(old_plans)))
    connection.execute(sa.delete(plan).where(plan.c.kind.not_in(OLD_KINDS)))
    connection.execute(sa.delete(invitation).where(invitation.c.number > 1))


def _downgrade_invitations() -> None:
    connection = op.get_bind()
    drop_index("ix_invitation_next", "invitation")
    drop_index("ix_invitation_to_open", "invitation")
    op.add_column("invitation", sa.Column("remind_at", MOMENT, nullable=True))
    op.add_column("invitation", sa.Column("reminded_at", MOMENT, nullable=True))
    for row in connection.execute(sa.select(round_schedule)).all():
        reminders = [step["at"] for step in _plain(row.steps) if step["kind"] == "reminder"]
        at = datetime.fromisoformat(reminders[0]) if reminders else _aware(row.opens_at)
        connection.execute(
            sa.update(invitation).where(invitation.c.schedule_id == row.id).values(remind_at=_stored(at))
        )
    reminded_at = (
        sa.select(sa.func.min(reminder.c.queued_at, type_=MOMENT))
        .where(reminder.c.invitation_id == invitation.c.id, reminder.c.step == "reminder")
        .scalar_subquery()
    )
    connection.execute(sa.update(invitation).values(reminded_at=reminded_at))
    checks = [
        ("moments_come_in_order", "opens_at <= remind_at AND remind_at < due_at AND due_at < closes_at"),
    ]
    with _changed("invitation", drop=["moments_come_in_order", "answered_is_left_alone"], checks=checks) as batch:
        batch.alter_column("remind_at", existing_type=MOMENT, nullable=False)
        batch.drop_constraint("fk_invitation_schedule_id", type_="foreignkey")
        batch.drop_constraint("uq_invitation_round_id_school_unit_id_number", type_="unique")
        batch.create_unique_constraint(op.f("uq_invitation_round_id_school_unit_id"), ["round_id", "school_unit_id"])
        for name in ("number", "asks", "schedule_id", "next_step", "next_at", "extended_because_sealed"):
            batch.drop_column(name)
    partial_index("ix_invitation_to_open", "invitation", ["opens_at"], "invited_at IS NULL")
    partial_index(
        "ix_invitation_to_remind", "invitation", ["remind_at"], "reminded_at IS NULL AND submitted_at IS NULL"
    )


def _downgrade_reminders() -> None:
    op.get_bind().execute(sa.delete(reminder).where(reminder.c.step != "reminder"))
    with _changed("reminder") as batch:
        batch.drop_constraint("fk_reminder_by_id", type_="foreignkey")
        for name in ("step", "is_manual", "is_late", "by_id"):
            batch.drop_column(name)


def _downgrade_rounds() -> None:
    connection = op.get_bind()
    for name in ("ix_survey_round_open", "ix_survey_round_planned"):
        drop_index(name, "survey_round")
    op.drop_index("ix_survey_round_plan", table_name="survey_round")
    for row in connection.execute(sa.select(survey_round.c.id, survey_round.c.occurrence_key)).all():
        key = row.occurrence_key.removesuffix(":0")
        connection.execute(sa.update(survey_round).where(survey_round.c.id == row.id).values(occurrence_key=key))
    checks = [("closed_has_a_time", "(state = 'closed') = (closed_at IS NOT NULL)")]
    gone = ["closed_has_a_time", "open_has_a_time", "opens_before_it_closes"]
    with _changed("survey_round", drop=gone, checks=checks) as batch:
        batch.alter_column("opened_at", existing_type=MOMENT, nullable=False)
        batch.alter_column("title", existing_type=sa.String(160), type_=sa.String(120), existing_nullable=False)
        batch.drop_constraint("fk_survey_round_confirmed_by_id", type_="foreignkey")
        batch.create_unique_constraint(op.f("uq_survey_round_plan_id_year"), ["plan_id", "year"])
        for name in (
            "version",
            "asks",
            "wave",
            "days",
            "letter",
            "closes_at",
            "drafted_at",
            "confirmed_at",
            "confirmed_by_id",
            "state_reason_sealed",
        ):
            batch.drop_column(name)
    partial_index("ix_survey_round_open", "survey_round", ["state"], "state = 'open'")


def _downgrade_plans() -> None:
    connection = op.get_bind()
    for name in ("open", "remind", "due", "close"):
        op.add_column("survey_plan", sa.Column(f"{name}_after_days", sa.Integer(), nullable=True))
    for row in connection.execute(sa.select(wave).where(wave.c.number == 0)).all():
        days = _plain(row.days)
        values = {
            "open_after_days": days["open"],
            "remind_after_days": days["reminders"][0],
            "due_after_days": days["due"],
            "close_after_days": days["close"],
        }
        connection.execute(sa.update(plan).where(plan.c.id == row.plan_id).values(values))
    checks = [("days_come_in_order", FIRST_WAVE_CHECK)]
    with _changed("survey_plan", drop=["leads_forward"], checks=checks) as batch:
        for name in ("open", "remind", "due", "close"):
            batch.alter_column(f"{name}_after_days", existing_type=sa.Integer(), nullable=False)
        for name in ("letter", "lead_days", "begins_at", "drafted_at"):
            batch.drop_column(name)


ASKS = sa.Enum("return", "worry", "report", name="asks", native_enum=False, length=40)
STEP = sa.Enum("reminder", "escalation", "call", name="stepkind", native_enum=False, length=40)


@contextmanager
def _changed(table, *, drop=(), checks=()):
    """Change a table, its checks before and after the columns they are about."""
    with op.batch_alter_table(table) as batch:
        for name in drop:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        yield batch
        for name, condition in checks:
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def drop_index(name: str, table: str) -> None:
    op.drop_index(name, table_name=table)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _stored(moment: datetime) -> datetime:
    """Return a moment as the database keeps it: SQLite has no time zones."""
    utc = moment.astimezone(UTC)
    return utc.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else utc


def _plain(value: object):
    return json.loads(value) if isinstance(value, str) else value
