"""A mention: one telling of an event in an article, before mentions become events."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruskor.entities import Entity, Time
from ruskor.model import Interval
from ruskor.status import Reading
from ruskor.triggers import Trigger

LEAD = 2  # the last sentence that may still open the news, behind headline and dateline


@dataclass(slots=True)
class Mention:
    """One telling of an event.

    `first` and `second` are the two sides (guest and host, inviter and invited, speaker and target, the two parties of a
    meeting), `places` where it is. `anaphoric` means that it only points back («الزيارة», «القمة»).
    """

    trigger: Trigger
    type: str
    first: list[Entity]
    second: list[Entity]
    places: list[Entity]
    time: Time | None
    reading: Reading
    evidence: tuple[int, int]
    series: bool = False
    anaphoric: bool = False
    headline: bool = False
    news: bool = False  # what the article begins with, and not as something that lay behind already
    started: bool = False
    ended: bool = False
    length: int | None = None  # days that a visit takes
    until: Time | None = None  # the last day of a visit whose first day is told elsewhere
    lent: bool = False
    homeward: str | None = None  # out or back: leaves or reaches his own country
    same_as: Mention | None = None  # «وكان بذلك أول رئيس يزور …»: the visit is the meeting told before
    again: bool = False  # «آخر زيارة له»: an earlier visit to the same place
    stop: bool = False  # «زار مصنعا»: no place of its own, a stop of the journey

    occasion: bool = False  # «على هامش قمة …»: where something else was
    weapon: str | None = None  # of a test: nuclear, missile, satellite
    around: bool = False  # «خلال زيارة»: what is told in the same clause happened on it
    counted: bool = False  # «بعد أسبوع على قمة»: only what something else is dated by
    at: int = field(init=False)  # the first token of the trigger

    def __post_init__(self) -> None:
        self.at = self.trigger.first

    @property
    def date(self) -> Interval | None:
        """The days that the text gives."""
        return self.time.value if self.time else None

    @property
    def gender(self) -> str | None:
        """Whether a pronoun on the trigger means a woman (f) or a man (m); null without one."""
        return {"ها": "f", "ه": "m"}.get(self.trigger.form.pronoun or "")

    @property
    def parties(self) -> list[Entity]:
        """Everybody on either side."""
        return [*self.first, *self.second]
