"""Cancelling a round, taking that back, closing it early, opening it again: each asked on a page, with a reason."""

from typing import TYPE_CHECKING

from flask.typing import ResponseReturnValue

from app.access.permissions import Permission
from app.surveys import pages, queries, service
from app.surveys.forms import DONE, ReopenRoundForm, StateRoundForm
from app.surveys.routes.blueprint import ask, back_to, bp
from app.web.guards import requires
from app.web.requests import current_actor, db_session

if TYPE_CHECKING:
    from app.surveys.models import SurveyRound


@bp.route("/kartlaggningar/<uuid:round_id>/stall-in", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_round)
def cancel_round(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Stop a round before it opens, or while it is open."""
    form = StateRoundForm(data={"version": survey_round.version})
    return ask(
        form,
        lambda: service.cancel_round(db_session(), current_actor(), survey_round, form.to_command()),
        done=DONE["cancel_round"],
        back=back_to(survey_round),
        round=survey_round,
    )


@bp.route("/kartlaggningar/<uuid:round_id>/ta-tillbaka", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_round)
def restore_round(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Take a cancelling back."""
    form = StateRoundForm(data={"version": survey_round.version})
    return ask(
        form,
        lambda: service.restore_round(db_session(), current_actor(), survey_round, form.to_command()),
        done=DONE["restore_round"],
        back=back_to(survey_round),
        round=survey_round,
    )


@bp.route("/kartlaggningar/<uuid:round_id>/stang", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_round)
def close_round(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Take no more answers; those who have not answered are named first."""
    form = StateRoundForm(data={"version": survey_round.version})
    return ask(
        form,
        lambda: service.close_round_now(db_session(), current_actor(), survey_round, form.to_command()),
        done=DONE["close_round"],
        back=back_to(survey_round),
        round=survey_round,
        silent=pages.list_silent_names(queries.list_room_invitations(db_session(), survey_round)),
    )


@bp.route("/kartlaggningar/<uuid:round_id>/oppna-igen", methods=["GET", "POST"])
@requires(Permission.SURVEY_RUN, on=queries.get_round)
def reopen_round(survey_round: "SurveyRound") -> ResponseReturnValue:
    """Let the schools answer again, until a day."""
    form = ReopenRoundForm(data={"version": survey_round.version})
    return ask(
        form,
        lambda: service.reopen_round(db_session(), current_actor(), survey_round, form.to_command()),
        done=DONE["reopen_round"],
        back=back_to(survey_round),
        round=survey_round,
    )
