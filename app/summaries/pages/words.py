"""What the figures are called, on the page and in the file."""

from typing import Final

from app.pupils.types import GradeBand
from app.summaries.types import Step

STEP_WORDS: Final = {
    Step.MISSING: "Rapporterade saknade",
    Step.LOCATED: "Återfunna",
    Step.REPORTED: "Anmälda till socialtjänsten",
    Step.ACKNOWLEDGED: "Mottagandet bekräftat",
    Step.RETURNED: "Tillbaka i skolan",
    Step.STILL_MISSING: "Saknas fortfarande",
}
FUNNEL: Final = {
    Step.MISSING: "Saknade",
    Step.LOCATED: "Återfunna",
    Step.REPORTED: "Anmälda",
    Step.ACKNOWLEDGED: "Bekräftade",
    Step.RETURNED: "Tillbaka",
}
"""The steps in their order, in the short words of the table beside the chart."""
BAND_WORDS: Final = {
    GradeBand.LOWER: "Förskoleklass–årskurs 3",
    GradeBand.MIDDLE: "Årskurs 4–6",
    GradeBand.UPPER: "Årskurs 7–9",
    GradeBand.UPPER_SECONDARY: "Gymnasieskola",
    GradeBand.OTHER: "Anpassade skolformer, övriga och okänd årskurs",
}
