# SPDX-License-Identifier: GPL-2.0-only
"""Truth tables over the bits of flag words, shared where they are equal.

In: boolean operations. Out: numbers of nodes, equal numbers for equal functions: reduced ordered
decision diagrams (Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", 1986).
Left to others: what the variables mean (`term_decider`).
"""

from __future__ import annotations

NO = 0
YES = 1
_LAST = 1 << 60


class TooLarge(Exception):
    """The diagram has more nodes than allowed, or is too deep."""


class Diagram:
    """Functions of variables, which are numbers: the smaller one is asked first."""

    def __init__(self, most: int = 200_000) -> None:
        self._most = most
        self._variable = [_LAST, _LAST]
        self._low = [NO, YES]
        self._high = [NO, YES]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._done: dict[tuple[int, int, int], int] = {}

    def variable(self, number: int) -> int:
        """Return the function that is one variable."""
        return self._node(number, NO, YES)

    def _node(self, variable: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (variable, low, high)
        found = self._unique.get(key)
        if found is None:
            found = len(self._low)
            if found > self._most:
                raise TooLarge
            self._variable.append(variable)
            self._low.append(low)
            self._high.append(high)
            self._unique[key] = found
        return found

    def choice(self, f: int, g: int, h: int) -> int:
        """Return `f ? g : h`. Raises `TooLarge`."""
        try:
            return self._choice(f, g, h)
        except RecursionError:
            raise TooLarge from None

    def _choice(self, f: int, g: int, h: int) -> int:
        if f == YES or g == h:
            return g
        if f == NO:
            return h
        if g == YES and h == NO:
            return f
        key = (f, g, h)
        found = self._done.get(key)
        if found is None:
            top = min(self._variable[f], self._variable[g], self._variable[h])
            low = self._choice(*(self._half(x, top, self._low) for x in key))
            high = self._choice(*(self._half(x, top, self._high) for x in key))
            found = self._done[key] = self._node(top, low, high)
        return found

    def _half(self, node: int, variable: int, half: list[int]) -> int:
        return half[node] if self._variable[node] == variable else node

    def both(self, f: int, g: int) -> int:
        """Return `f && g`."""
        return self.choice(f, g, NO)

    def either(self, f: int, g: int) -> int:
        """Return `f || g`."""
        return self.choice(f, YES, g)

    def unlike(self, f: int, g: int) -> int:
        """Return `f != g`."""
        return self.choice(f, self.choice(g, NO, YES), g)

    def inverse(self, f: int) -> int:
        """Return `!f`."""
        return self.choice(f, NO, YES)

    def example(self, f: int) -> dict[int, bool]:
        """Return values of variables for which `f`, which is not `NO`, holds: the fewest set, and
        of those the first.
        """
        fewest = self._fewest(f)
        values: dict[int, bool] = {}
        while f != YES:
            low, high = self._low[f], self._high[f]
            take_high = high != NO and (low == NO or fewest[high] + 1 <= fewest[low])
            values[self._variable[f]] = take_high
            f = high if take_high else low
        return values

    def _fewest(self, f: int) -> dict[int, int]:
        """Return how many variables have to be set at least, for each node below one."""
        found = {YES: 0}
        stack = [f]
        while stack:
            node = stack[-1]
            waiting = [
                child
                for child in (self._low[node], self._high[node])
                if child != NO and child not in found
            ]
            if node not in found and not waiting:
                costs = [
                    found[child] + extra
                    for child, extra in ((self._low[node], 0), (self._high[node], 1))
                    if child != NO
                ]
                found[node] = min(costs)
            if waiting and node not in found:
                stack.extend(waiting)
            else:
                stack.pop()
        return found
