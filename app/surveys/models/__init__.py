"""The plan of rounds, the rounds, who is asked in them and what was done about those who did not answer.

Every moment at which something is due is a column of a row, so that a stopped process, a second one and the nights of
changed clocks make no difference. By noun in the modules of this folder.
"""

from app.surveys.models.invitations import Invitation, PhoneNote, Reminder
from app.surveys.models.plans import PlannedWave, SurveyPlan
from app.surveys.models.rounds import RoundSchedule, SurveyRound

__all__ = ["Invitation", "PhoneNote", "PlannedWave", "Reminder", "RoundSchedule", "SurveyPlan", "SurveyRound"]
