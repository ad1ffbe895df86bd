"""The file that a plan is exported to and imported from: a zip of JSON, which may be hostile."""

from deputize.plan_file.faults import PlanFault, PlanFileInvalid
from deputize.plan_file.plan_file import PlanFile
from deputize.plan_file.read import read_plan_file
from deputize.plan_file.write import write_plan_file

__all__ = ["PlanFault", "PlanFile", "PlanFileInvalid", "read_plan_file", "write_plan_file"]
