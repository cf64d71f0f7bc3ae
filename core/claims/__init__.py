"""Claims: each row of the questions that the app exists for, as a function from settings to a measured verdict.

from core.claims import CLAIMS
claim = CLAIMS["a3"]
verdict = claim.judge(claim.base)         # or of any other experiment that fits
verdict.verdict, verdict.number, verdict.finding, verdict.overturned_by
"""

from ..registry import registry
from .base import VERDICTS, Claim, Verdict
from .depth import CLAIMS_C
from .descent import CLAIMS_B
from .language import CLAIMS_D
from .learning import CLAIMS_LEARNING
from .papers import CLAIMS_PAPERS
from .paralysis import CLAIMS_A
from .remedies import CLAIMS_E

CLAIMS = registry(
    *CLAIMS_A, *CLAIMS_B, *CLAIMS_C, *CLAIMS_D, *CLAIMS_LEARNING, *CLAIMS_PAPERS, *CLAIMS_E
)  # in the order of their names

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Verdict"]
