"""How far a reader can narrow down a hidden count, given everything that is printed.

Counts that add up (parts to a total, in rows and in columns) are arcs of a circulation: what flows into a node flows
out of it. How much an arc could differ from its true value, with every printed number as it is, is then a maximum flow
through what room the other arcs leave (Gusfield, "A graph theoretic approach to statistical data security", SIAM J.
Comput. 17, 1988). Such flows are whole numbers, so the answer is exact for counts of children and not a relaxation.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arc:
    """A count between two nodes: its true value, and between which values the print allows it to lie."""

    tail: str
    head: str
    value: int
    low: int = 0
    high: int | None = None
    """None when nothing printed limits it upwards."""

    def __post_init__(self) -> None:
        if self.value < self.low or (self.high is not None and self.value > self.high):
            raise ValueError("what is printed contradicts the true value")


def room_above(arcs: Sequence[Arc], index: int, enough: int) -> int:
    """Return by how much the count could be larger than it is; stops counting at `enough`."""
    arc = arcs[index]
    room = enough if arc.high is None else min(enough, arc.high - arc.value)
    return _flow(arcs, index, arc.head, arc.tail, room)


def room_below(arcs: Sequence[Arc], index: int, enough: int) -> int:
    """Return by how much the count could be smaller than it is; stops counting at `enough`."""
    arc = arcs[index]
    return _flow(arcs, index, arc.tail, arc.head, min(enough, arc.value - arc.low))


def _flow(arcs: Sequence[Arc], without: int, source: str, sink: str, wanted: int) -> int:
    """Send up to `wanted` from source to sink through the room of all arcs but one (Edmonds and Karp)."""
    changes = [0] * len(arcs)
    sent = 0
    while sent < wanted and (path := _shortest_path(arcs, changes, without, source, sink)):
        amount = min(wanted - sent, *(_room(arcs[i], changes[i], way, wanted) for i, way in path))
        for i, way in path:
            changes[i] += way * amount
        sent += amount
    return sent


def _shortest_path(
    arcs: Sequence[Arc], changes: Sequence[int], without: int, source: str, sink: str
) -> list[tuple[int, int]]:
    """Return the arcs of a way with room left, with 1 where they grow and -1 where they shrink; empty without one."""
    reached: dict[str, list[tuple[int, int]]] = {source: []}
    waiting = deque([source])
    while waiting:
        node = waiting.popleft()
        for i, arc in enumerate(arcs):
            for start, end, way in ((arc.tail, arc.head, 1), (arc.head, arc.tail, -1)):
                if i != without and start == node and end not in reached and _room(arc, changes[i], way, 1):
                    reached[end] = [*reached[node], (i, way)]
                    if end == sink:
                        return reached[end]
                    waiting.append(end)
    return []


def _room(arc: Arc, change: int, way: int, enough: int) -> int:
    if way < 0:
        return arc.value + change - arc.low
    return enough if arc.high is None else arc.high - arc.value - change
