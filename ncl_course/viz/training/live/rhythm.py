"""The rhythm of the instrument: when it shows, when it measures, and for how long it waits."""

from __future__ import annotations

EARLY = tuple(2**power for power in range(7))
"""The steps, besides 0, that have a frame whatever the clock says."""
MEASURED_EARLY = EARLY[::2]
"""The steps, besides 0, that have a measurement whatever the interval: one costs as much as several frames."""
HOLD = 0.4
"""The seconds for which each early frame stays."""
KEPT = 80
"""The largest number of frames that a page which is opened again gets."""
LEARNED = 1600
"""The number of images to learn from between two measurements: they do not depend on the clock, and a stored notebook
shows the same curve each time it is built."""
SOON = 16
"""The number of steps between a change of a setting and the measurement that shows its effect."""
DELAYS = {"full": 0.0, "slow": 0.1, "slower": 0.5}
