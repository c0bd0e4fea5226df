"""Where a rehearsal begins, and the command that moves its clock."""

from dataclasses import dataclass
from datetime import date as day
from datetime import datetime, time
from pathlib import Path
from typing import Final

from app.kernel import clock

FOLDER: Final = Path(__file__).parent / "municipality"
"""The invented municipality, as the same kind of files that one's own is made from."""
STORY: Final = Path(__file__).parent / "story"
"""What happens in it during a term."""

BEGINS_AT: Final = clock.at(day(2026, 8, 17), time(8))
"""The Monday before the autumn survey opens: there is something to wait for, and nothing has happened yet."""
ENDS_ON: Final = day(2027, 6, 30)
"""The end of June: a whole school year has been played, with the follow-ups and the worry before the summer."""
PASSWORD: Final = "ovning-alvhaga-2026"  # noqa: S105 - printed on the sign-in page of every rehearsal


@dataclass(frozen=True, slots=True)
class MoveClock:
    """Let the rehearsal's clock show a moment."""

    to: datetime
