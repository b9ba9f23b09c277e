# SPDX-License-Identifier: GPL-2.0-only
"""Messages and cover letters in the person's own words: Jinja2 templates.

In: a template's text, and the facts of a patch or series.  Out: text.
A template's first line is the subject, the rest the body.  Templates run in Jinja2's sandbox, and
a name that is not there is an error with its line, never an empty word.

In a message: `prefix`, `summary`, `why`, `tool`, `notes`, `files`, `subsystem`, and `subject` and
`body` as they would be without a template.  In a cover letter: `prefix`, `summary`, `why`,
`counts`, `left`, `checked`, `reviewer_notes`, `patches`, `batch`, and again `subject` and `body`.
Both have the filters `wrap` and `quote`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from msgspec import Struct

from vmaconv.cocci.text.tree_file import read_given
from vmaconv.series.series_error import BadTemplate
from vmaconv.series.words.message import wrap
from vmaconv.series.words.wording import quote

NAMES = (
    "a message has prefix, summary, why, tool, notes, files, subsystem, subject, body; a letter "
    "prefix, summary, why, counts, left, checked, reviewer_notes, patches, batch, subject, body"
)
"""The names that templates may use, as an error tells them."""


class Template(Struct, frozen=True):
    """A template that Jinja2 has taken; `name` is said in errors."""

    text: str
    name: str = "template"

    def render(self, facts: Mapping[str, object]) -> str:
        """Fill the template in.

        >>> Template("{{ prefix }} x").render({"prefix": "mm:"})
        'mm: x'

        Raises `BadTemplate` with the line in `place`.
        """
        environment = SandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.filters["wrap"] = wrap
        environment.filters["quote"] = quote
        try:
            return environment.from_string(self.text).render(facts)
        except TemplateSyntaxError as error:
            raise self._bad(error.message or str(error), error.lineno) from None
        except TemplateError as error:
            raise self._bad(str(error), _line_of(error)) from None
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise self._bad(f"{type(error).__name__}: {error}", _line_of(error)) from None

    def _bad(self, what: str, line: int | None) -> BadTemplate:
        place = f"{self.name}:{line}" if line else self.name
        return BadTemplate(
            f"{place}: {what}",
            remedy=f"{NAMES} (docs/rules.md, Templates)",
            place=place,
        )


def _line_of(error: BaseException) -> int | None:
    """Return the template's line in a traceback; Jinja2 gives its frames that file name."""
    line: int | None = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def read_template(path: Path) -> Template:
    """Read a template file and have its syntax checked.

    Raises `BadTemplate` where it cannot be read, is not UTF-8, or is not a template.
    """
    try:
        text = read_given(path).decode()
    except OSError as error:
        raise BadTemplate(f"{path}: {error.strerror}", place=str(path)) from None
    except UnicodeDecodeError:
        raise BadTemplate(f"{path} is not UTF-8", place=str(path)) from None
    template = Template(text, str(path))
    try:
        SandboxedEnvironment().parse(text)
    except TemplateSyntaxError as error:
        raise BadTemplate(
            f"{path}:{error.lineno}: {error.message}", place=f"{path}:{error.lineno}"
        ) from None
    return template
