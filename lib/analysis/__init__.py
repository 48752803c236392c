"""Cohort + Selection + Population → results. The class holds what every page needs; a module beside it one topic each.

A new topic is a module of functions `topic(analysis, …) → result` that keep their results with `analysis.keep`.
"""

from lib.analysis.analysis import Analysis, Flow, SafetyResult, default_rule, default_threshold

__all__ = ["Analysis", "Flow", "SafetyResult", "default_rule", "default_threshold"]
