"""Settings that leave attributions out of the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from quotekit.candidates.candidate import Candidate
    from quotekit.models import Quote

LeftOut = Literal["attitude", "min-confidence", "no-source"]
"""Why an attribution is left out; the kinds of reason that `explain` gives."""

MIN_CONFIDENCE = 0.6
"""Default of ``min_confidence``: the lowest tenth at which nine of ten statements found in news are right.

``python -m benchmarks.accuracy --thresholds`` prints precision and recall by threshold: on PolNeAR's development
articles 0.5 gives 88 % and 0.6 gives 91 %, for a tenth of what was found and right.
"""


def rounded(confidence: float) -> float:
    """Return a confidence as quotes report it and as ``min_confidence`` is compared with it."""
    return round(confidence, 4)


@dataclass(frozen=True, slots=True)
class Filters:
    """The settings by which attributions are left out.

    Attributes:
        attitudes: whether attitudes are returned.
        min_confidence: minimum confidence. Above 0, quotes without a source are returned only if they are direct.
    """

    attitudes: bool = False
    min_confidence: float = MIN_CONFIDENCE

    def leaves_out(self, attribution: Candidate | Quote, *, direct: bool) -> LeftOut | None:
        """Return why ``attribution`` is left out, or ``None``; ``direct`` says that it is wholly in quotation marks."""
        if attribution.act == "attitude" and not self.attitudes:
            return "attitude"
        if rounded(attribution.confidence) < self.min_confidence:
            return "min-confidence"
        if attribution.source is None and not direct and self.min_confidence > 0:
            return "no-source"
        return None
