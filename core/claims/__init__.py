"""Claims: each row of the questions that the app exists for, as a function from settings to a measured verdict.

from core.claims import CLAIMS
claim = CLAIMS["a3"]
verdict = claim.judge(claim.base)         # or of any other experiment that fits
verdict.verdict, verdict.number, verdict.finding, verdict.overturned_by
"""

from core.claims.base import VERDICTS, Claim, Verdict
from core.claims.depth import CLAIMS_C
from core.claims.descent import CLAIMS_B
from core.claims.language import CLAIMS_D
from core.claims.learning import CLAIMS_LEARNING
from core.claims.papers import CLAIMS_PAPERS
from core.claims.paralysis import CLAIMS_A
from core.claims.remedies import CLAIMS_E
from core.registry import registry

CLAIMS = registry(
    *CLAIMS_A, *CLAIMS_B, *CLAIMS_C, *CLAIMS_D, *CLAIMS_LEARNING, *CLAIMS_PAPERS, *CLAIMS_E
)  # in the order of their names

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Verdict"]
