"""All attacks in this folder by name, each with its expected verdicts."""

from __future__ import annotations

from tests.submissions import (
    hostile_cheating,
    hostile_escaping,
    hostile_exhausting,
    hostile_forging,
    hostile_persisting,
    hostile_tampering,
)
from tests.submissions.attack import Attack

KINDS = (
    hostile_tampering,
    hostile_escaping,
    hostile_exhausting,
    hostile_cheating,
    hostile_forging,
    hostile_persisting,
)
ATTACKS: dict[str, Attack] = {name: attack for kind in KINDS for name, attack in kind.ATTACKS.items()}
