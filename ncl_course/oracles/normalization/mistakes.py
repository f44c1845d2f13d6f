"""Students' mistakes in lesson 05: altered oracles of all its exercises."""

from ncl_course.oracles.altered import Misconception
from ncl_course.oracles.normalization import batchnorm_mistakes, groupnorm_mistakes

MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    **batchnorm_mistakes.MISCONCEPTIONS,
    **groupnorm_mistakes.MISCONCEPTIONS,
}
