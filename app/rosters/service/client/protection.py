"""Who may not be named. The strictest reading holds: a child who is only counted has lost nothing.

`securityMarking` of the pupil, of any guardian, and of siblings: a pupil who shares a guardian with a protected child
lives, as far as we know, behind the same door, whichever school that child goes to.
"""

from collections.abc import Collection, Mapping, Set

from app.rosters.service.client.connection import RegisterFailed
from app.rosters.service.client.entities import Person
from app.rosters.types.fetching import FetchFailure


def list_unmarked_guardians(pupils: Collection[Person]) -> set[str]:
    """Return the guardians of whom nothing is said beside their pupils, so that they must be asked for."""
    told = {guardian for pupil in pupils for guardian, is_marked in pupil.guardians if is_marked is not None}
    return {guardian for pupil in pupils for guardian, _ in pupil.guardians} - told


def find_protected(
    pupils: Collection[Person], markings: Mapping[str, bool | None], *, hidden: Set[str], omits_unmarked: bool
) -> set[str]:
    """Return the ids of the pupils who may only be counted. `markings` are those of persons, by id, and `hidden` are
    guardians whose every child is protected.

    What a register leaves out means protected, unless it is known to leave out the marking of those who have none.
    Raises `RegisterFailed` when it left out everybody's: then our access is wrong, and not all of them protected.
    """
    beside = [(guardian, is_marked) for pupil in pupils for guardian, is_marked in pupil.guardians]
    guardians = {guardian: markings.get(guardian) for guardian, _ in beside}
    for guardian, is_marked in beside:
        if is_marked is not None:
            guardians[guardian] = bool(guardians[guardian]) or is_marked
    if not omits_unmarked:
        _require_some({pupil.id: pupil.is_marked for pupil in pupils})
        _require_some(guardians)

    def counts(is_marked: bool | None) -> bool:
        return not omits_unmarked if is_marked is None else is_marked

    marked = hidden | {guardian for guardian, is_marked in guardians.items() if counts(is_marked)}
    protected = {pupil.id for pupil in pupils if counts(pupil.is_marked) or not pupil.name or _shares(pupil, marked)}
    behind = {guardian for pupil in pupils if pupil.id in protected for guardian, _ in pupil.guardians} - {""}
    return protected | {pupil.id for pupil in pupils if _shares(pupil, behind)}


def _shares(pupil: Person, guardians: Collection[str]) -> bool:
    return any(guardian in guardians for guardian, _ in pupil.guardians)


def _require_some(markings: Mapping[str, bool | None]) -> None:
    if markings and all(is_marked is None for is_marked in markings.values()):
        raise RegisterFailed(FetchFailure.MARKINGS_MISSING)
