"""Messages and cover letters in the person's own words: Jinja2 templates.

In: a template's text, and the facts of a patch or series.  Out: a `Message`, or subject and body.
A template's first line is the subject, the rest the body.  Templates run in Jinja2's sandbox, and
a name that is not there is an error with its line, never an empty word.

In a message: `prefix`, `summary`, `why`, `tool`, `notes`, `files`, `subsystem`, and `subject` and
`body` as they would be without a template.  In a cover letter: `prefix`, `summary`, `why`,
`counts`, `left`, `checked`, `reviewer_notes`, `patches`, `batch`, and again `subject` and `body`.
Both have the filters `wrap` and `quote`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from vmaconv.series.cover import BatchPlace, CoverFacts, cover_body
from vmaconv.series.error import BadTemplate
from vmaconv.series.message import SUBJECT_WIDTH, Message, make_message, wrap
from vmaconv.series.prefix import Prefix
from vmaconv.series.split import Part
from vmaconv.series.wording import Purpose, Wishes, distinct_notes, quote, write_message

PatchList = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Template:
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
            remedy="see the names in the documentation of --template",
            place=place,
        )


def _line_of(error: BaseException) -> int | None:
    """Find the template's line in a traceback; Jinja2 gives its frames that file name."""
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
        text = path.read_text(encoding="utf-8")
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


@dataclass(frozen=True, slots=True)
class MessageWriter:
    """Writes a patch's message, by a template where there is one."""

    template: Template | None = None

    def __call__(self, part: Part, prefix: Prefix, purpose: Purpose, wishes: Wishes) -> Message:
        """Write the message of a part."""
        plain = write_message(part.changes, prefix, purpose, wishes)
        if self.template is None:
            return plain
        text = self.template.render(
            {
                "prefix": prefix.text,
                "summary": purpose.summary,
                "why": purpose.why,
                "tool": purpose.tool,
                "notes": distinct_notes(part.changes),
                "files": part.paths,
                "subsystem": part.subsystem,
                "subject": plain.subject,
                "body": plain.body,
            }
        )
        subject, _, body = text.strip("\n").partition("\n")
        return make_message(subject, body, wishes.trailers)


@dataclass(frozen=True, slots=True)
class CoverWriter:
    """Writes a cover letter's subject and body, by a template where there is one."""

    template: Template | None = None

    def __call__(
        self, facts: CoverFacts, batch: BatchPlace, prefix: Prefix, patches: PatchList
    ) -> tuple[str, str]:
        """Write the letter of a batch."""
        subject, body = cover_subject(facts, batch, prefix), cover_body(facts, batch)
        if self.template is not None:
            text = self.template.render(
                {
                    "prefix": prefix.text,
                    "summary": facts.summary,
                    "why": facts.why,
                    "counts": facts.counts,
                    "left": facts.left,
                    "checked": facts.checked,
                    "reviewer_notes": facts.reviewer_notes,
                    "patches": patches,
                    "batch": batch,
                    "subject": subject,
                    "body": body,
                }
            )
            subject, _, body = text.strip("\n").partition("\n")
        message = make_message(subject, body)
        return message.subject, message.body


def cover_subject(facts: CoverFacts, batch: BatchPlace, prefix: Prefix) -> str:
    """Give the letter's subject, with the batch where there are several."""
    subject = prefix.subject(facts.summary.rstrip("."))
    tail = f" (batch {batch.number} of {batch.count})" if batch.count > 1 else ""
    return subject + tail if len(subject + tail) <= SUBJECT_WIDTH else subject
