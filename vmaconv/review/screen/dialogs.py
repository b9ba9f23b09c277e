# SPDX-License-Identifier: GPL-2.0-only
"""What the full-screen review asks in between: a line, one of several, help.

In: what to ask.  Out: the answer, or None where a person pressed Escape.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option


class LineDialog(ModalScreen[str | None]):
    """Asks for a line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "give up")]

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__()
        self._question = question
        self._value = value

    def compose(self) -> ComposeResult:
        """Put the question above the line."""
        with Vertical(classes="dialog"):
            yield Static(f"{self._question}  (Enter; Escape gives up)", markup=False)
            yield Input(self._value, id="line")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the line."""
        self.dismiss(event.value)


class ChoiceDialog(ModalScreen[str | None]):
    """Asks for one of several; a choice without a key of its own is a heading."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "give up"),
        Binding("j", "down", show=False),
        Binding("k", "up", show=False),
    ]

    def __init__(self, question: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._question = question
        self._choices = choices

    def compose(self) -> ComposeResult:
        """Put the question above the choices."""
        with Vertical(classes="dialog"):
            yield Static(f"{self._question}  (Enter; Escape gives up)", markup=False)
            yield OptionList(
                *(Option(words, id=key or None, disabled=not key) for key, words in self._choices),
                id="choices",
                markup=False,
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with the choice."""
        self.dismiss(event.option.id)

    def action_down(self) -> None:
        """Go to the next choice."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Go to the previous choice."""
        self.query_one(OptionList).action_cursor_up()


class TextDialog(ModalScreen[None]):
    """Shows a text until a key is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark", "dismiss(None)", "close")
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Put the title above the text."""
        with Vertical(classes="dialog"):
            yield Static(f"{self._title}  (Escape closes)", markup=False)
            with VerticalScroll(id="text"):
                yield Static(self._text, markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#text").focus()


class WaitDialog(ModalScreen[None]):
    """Takes no keys while something is under way."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """Say what is under way."""
        with Vertical(classes="dialog"):
            yield Static(f"{self._words}\N{HORIZONTAL ELLIPSIS}", markup=False)

    def on_key(self, event: Key) -> None:
        """Let no key through to what lies below."""
        event.stop()
