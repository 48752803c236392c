"""To be written."""

from lib.export.options import Options
from lib.present.report import Report


class TemplateError(ValueError):
    """x"""


def write(report: Report, options: Options) -> bytes:
    """x"""
    return b""
