"""What the doors may ask for: the corridor's walks (`corridor`), and what stands beside them, a module each."""

from importer.run.bundling import Bundled, support_bundle
from importer.run.canary import Canary
from importer.run.checking import Checked, CheckOrder, check
from importer.run.checkup import Check, Verdict, checkup, exit_code_of
from importer.run.corridor import plan, preview, resume, retry, run
from importer.run.history import PastRun, folder_of, history
from importer.run.order import Order, Sending
from importer.run.own_fields import Pulled, Rewritten, declare_fields, pull_fields
from importer.run.probing import probe
from importer.run.pruning import Goes, Pruning, old_runs, read_age, remove
from importer.run.questions import questions
from importer.run.rehearsal import Rehearsed, failures, record_tests, test_mapping
from importer.run.reporting import report
from importer.run.retrying import Retrying
from importer.run.suggesting import Suggested, SuggestOrder, suggest
from importer.run.talking import Talk

__all__ = [
    "Bundled",
    "Canary",
    "Check",
    "CheckOrder",
    "Checked",
    "Goes",
    "Order",
    "PastRun",
    "Pruning",
    "Pulled",
    "Rehearsed",
    "Retrying",
    "Rewritten",
    "Sending",
    "SuggestOrder",
    "Suggested",
    "Talk",
    "Verdict",
    "check",
    "checkup",
    "declare_fields",
    "exit_code_of",
    "failures",
    "folder_of",
    "history",
    "old_runs",
    "plan",
    "preview",
    "probe",
    "pull_fields",
    "questions",
    "read_age",
    "record_tests",
    "remove",
    "report",
    "resume",
    "retry",
    "run",
    "suggest",
    "support_bundle",
    "test_mapping",
]
