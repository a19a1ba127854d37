"""Faults by which a page notices that values from elsewhere are none that it can show or keep."""

import asyncpg
from jinja2.exceptions import TemplateRuntimeError

ODD_VALUES: tuple[type[Exception], ...] = (
    TemplateRuntimeError,
    asyncpg.NotNullViolationError,
    asyncpg.CheckViolationError,
    asyncpg.DataError,
)
