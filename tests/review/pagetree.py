# SPDX-License-Identifier: GPL-2.0-only
"""A page as a tree, for tests that read it without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "wbr", "link", "img"}
#: A start tag that ends what is open of these (the page leaves optional end tags out).
CLOSES = {
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"td", "th", "tr"},
    "li": {"li", "p"},
    "p": {"p"},
}


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def all(self, name: str = "", **wanted: str) -> Iterator[Element]:
        """Give the elements below, in order."""
        for child in self.children:
            if isinstance(child, Element):
                if (not name or child.name == name) and all(
                    value in child.attributes.get(key.rstrip("_"), "").split()
                    for key, value in wanted.items()
                ):
                    yield child
                yield from child.all(name, **wanted)

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while self.open[-1].name in CLOSES.get(tag, ()):
            self.open.pop()
        if tag == "ul" and self.open[-1].name == "p":
            self.open.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        names = [element.name for element in self.open]
        assert tag in names, f"</{tag}> without a start"
        while self.open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(text: str) -> Element:
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root
