"""Room 5 of 8, planning: takes prepared rows, hands on the plan and what will be sent in which order."""

from __future__ import annotations

from importer.planning.canary import Candidate, choose, shape
from importer.planning.earlier import Choice, overtaken, repaired, retried
from importer.planning.guards import ANY_NUMBER, accept, check_cleared, check_invalid
from importer.planning.lanes import LaneFinder
from importer.planning.plan import LargeLane, Plan, SharedIdentifier, Tally, TargetTally
from importer.planning.planner import SETS_NOTHING, Planner, late_invalid, skipped_beyond
from importer.planning.policies import CustomerFinder, Merger, Superseded, list_identities, merge_bodies
from importer.planning.selection import Selection
from importer.planning.spread import Spread
from importer.planning.unchanged import credited, unchanged

__all__ = [
    "ANY_NUMBER",
    "SETS_NOTHING",
    "Candidate",
    "Choice",
    "CustomerFinder",
    "LaneFinder",
    "LargeLane",
    "Merger",
    "Plan",
    "Planner",
    "Selection",
    "SharedIdentifier",
    "Spread",
    "Superseded",
    "Tally",
    "TargetTally",
    "accept",
    "check_cleared",
    "check_invalid",
    "choose",
    "credited",
    "late_invalid",
    "list_identities",
    "merge_bodies",
    "overtaken",
    "repaired",
    "retried",
    "shape",
    "skipped_beyond",
    "unchanged",
]
