"""Passages and uses as HTML.

In: a `Passage` or a use.  Out: `Markup`, with every text of the tree escaped.  The classes are
those of `page/report.css`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from vmaconv.kernel.conversion import Account
from vmaconv.review.block import Block, Line, Run, blocks
from vmaconv.review.material import Edit, Passage, Rule
from vmaconv.review.visible import counted, plain

OUTCOMES: Mapping[str, str] = {
    "converted": "converted",
    "left": "left",
    "unjudged": "not judged",
}
"""What the page says for an outcome."""


def run_markup(run: Run) -> str:
    """Write a run: plain text, `<i>` with the class of its sort, `<b>` where the word changed.

    >>> from vmaconv.review.syntax import Sort
    >>> run_markup(Run("</script>", Sort.PLAIN))
    '&lt;/script&gt;'
    """
    text = str(escape(run.text))
    if run.changed:
        return f"<b class={run.sort.value}>{text}</b>" if run.sort.value else f"<b>{text}</b>"
    return f"<i class={run.sort.value}>{text}</i>" if run.sort.value else text


def _line(line: Line, name: str = "") -> str:
    body = "".join(map(run_markup, line.runs)) or "\n"
    anchor = f" id={name}" if name else ""
    end = "<div class=x>\\ No newline at end of file</div>" if line.unended else ""
    return f"<div class=l data-n={line.number}{anchor}><span>{body}</span></div>{end}"


def _block(block: Block, anchors: Mapping[int, str]) -> str:
    old = "".join(_line(line, anchors.get(line.number, "")) for line in block.old)
    new = "".join(map(_line, block.new))
    if block.context:
        # The second copy is for the eye only: a person who listens hears each line once.
        again = f"<div class=again aria-hidden=true>{new}</div>"
        return f"<div class=b><div>{old}</div>{again}</div>"
    gone = f"<del><span class=v>Removed:</span>{old}</del>" if old else "<del class=empty></del>"
    came = f"<ins><span class=v>Added:</span>{new}</ins>" if new else "<ins class=empty></ins>"
    return f"<div class=b>{gone}{came}</div>"


def _once(block: Block, anchors: Mapping[int, str]) -> str:
    """Write lines that nothing changes, once and over the whole width."""
    return "".join(_line(line, anchors.get(line.number, "")) for line in block.old)


def hunk_markup(passage: Passage, before: bytes, offset: int, anchors: Mapping[int, str]) -> Markup:
    """Write a passage's lines; `anchors` are names for lines of the original."""
    made = blocks(passage.hunk, before, offset)
    write = _block if passage.changes else _once
    return Markup("<div class=code>%s</div>") % Markup("".join(write(b, anchors) for b in made))


def edit_markup(edit: Edit, rules: Sequence[Rule]) -> Markup:
    """Write why an edit was made."""
    number = rules.index(edit.rule)
    bound = Markup(", ").join(
        Markup("<code>{} = {}</code>").format(name, text) for name, text in edit.bindings
    )
    flags = Markup("").join(
        Markup("<li><code>{}</code> is {} <span class=sub>{}</span></li>").format(
            note.word, note.becomes, note.place
        )
        for note in edit.flags
    )
    return Markup(
        "<li>line {}: rule <a href=#r{}>{}</a>{}{}<p><code>{}</code> → <code>{}</code></p>{}</li>"
    ).format(
        edit.line,
        number,
        edit.rule.name,
        Markup(" with ") if bound else "",
        bound,
        edit.before or "nothing",
        edit.after or "nothing",
        Markup("<ul>{}</ul>").format(flags) if flags else "",
    )


def passage_markup(passage: Passage, data: Markup, code: Markup, rules: Sequence[Rule]) -> Markup:
    """Write a passage: where it is, why it changed, what was left and why, and its lines."""
    name = f"p{passage.index}"
    where = Markup(" <span class=sub>in {}()</span>").format(plain(passage.function))
    return Markup(
        '<article class="passage" id="{}" aria-labelledby="{}h"{}>'
        '<header><h4 id="{}h"><a href="#{}">{}:{}</a>{}</h4>{}</header>{}{}{}</article>'
    ).format(
        name,
        name,
        data,
        name,
        name,
        plain(passage.path),
        passage.line,
        where if passage.function else "",
        _tally(passage),
        _why(passage, rules),
        _left(passage),
        code,
    )


def _tally(passage: Passage) -> Markup:
    """Count the passage's uses by outcome."""
    counts = Counter(use.outcome for use in passage.uses)
    return Markup(" ").join(
        Markup('<span class="o {}">{} {}</span>').format(outcome, counts[outcome], words)
        for outcome, words in OUTCOMES.items()
        if counts[outcome]
    )


def _why(passage: Passage, rules: Sequence[Rule]) -> Markup:
    if not passage.edits:
        return Markup("")
    return Markup("<details class=why><summary>{} by {}</summary><ul>{}</ul></details>").format(
        counted(len(passage.edits), "edit"),
        ", ".join(passage.rules),
        Markup("").join(edit_markup(edit, rules) for edit in passage.edits),
    )


def _left(passage: Passage) -> Markup:
    if not passage.left:
        return Markup("")
    items = Markup("").join(
        Markup('<li>line {}: <span class="o {}">{}</span>: {}</li>').format(
            use.line,
            use.outcome,
            OUTCOMES.get(use.outcome, use.outcome),
            plain(use.reason.text) if use.reason is not None else "no reason given",
        )
        for use in passage.left
    )
    return Markup("<div class=why><ul>{}</ul></div>").format(items)


def use_markup(use: Account, name: str, passage: str, data: Markup, link: str) -> Markup:
    """Write a use as a row of the account; `data` is what the filters read."""
    place = Markup('<a href="#{}">{}:{}</a>').format(passage, _breaking(use.file, "/"), use.line)
    if link:
        place += Markup(' <a href="{}" rel="noreferrer">source</a>').format(link)
    why = Markup("<br>{}").format(plain(use.reason.text)) if use.reason is not None else ""
    return Markup(
        '<tr id="{}"{}><td>{}</td><td>{}</td><td>{}</td><td><span class="o {}">{}</span></td>'
        "<td><code>{}</code>{}</td></tr>\n"
    ).format(
        name,
        data,
        place,
        _breaking(use.function, "_"),
        use.kind,
        use.outcome,
        OUTCOMES.get(use.outcome, use.outcome),
        plain(use.text.strip().replace("\t", " ")),
        why,
    )


def _breaking(text: str, after: str) -> Markup:
    """Let a long name break after a character, and not in the middle of a word."""
    return (escape(after) + Markup("<wbr>")).join(escape(part) for part in plain(text).split(after))
