"""Room 6 of 8, delivery: takes requests in file order, hands on one outcome for each."""

from importer.delivery.breaker import BreakerPolicy
from importer.delivery.crew import Crew
from importer.delivery.hours import Hours
from importer.delivery.http import HttpTransport
from importer.delivery.means import Delivered, Means, Observer
from importer.delivery.pace import FixedPace, FreePace, Pace
from importer.delivery.retry import RetryPolicy
from importer.delivery.shared import SharedSlots
from importer.delivery.stop import Stop
from importer.delivery.tuning import PaceMemory, TunedPace

__all__ = [
    "BreakerPolicy",
    "Crew",
    "Delivered",
    "FixedPace",
    "FreePace",
    "Hours",
    "HttpTransport",
    "Means",
    "Observer",
    "Pace",
    "PaceMemory",
    "RetryPolicy",
    "SharedSlots",
    "Stop",
    "TunedPace",
]
