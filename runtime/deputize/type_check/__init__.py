"""What a type checker finds in scripts, told like everything else that is wrong with them."""

from deputize.type_check.check import check_types, type_checker_of
from deputize.type_check.checker import TypeChecker, TypeCheckerFailed

__all__ = ["TypeChecker", "TypeCheckerFailed", "check_types", "type_checker_of"]
