"""What is wrong with what stewards give: the command line's line, the field, and a page's words."""

from coop.problems.problem import Problem

__all__ = ["Problem"]
