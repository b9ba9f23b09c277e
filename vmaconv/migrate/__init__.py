# SPDX-License-Identifier: GPL-2.0-only
"""Type migration, closed over a tree: from seeds to everything that has to change with them.

In: a kernel tree and a recipe (types, seeds, preferences). Out: a plan that says what changes and
why, and ordered groups of file changes, each of which leaves a tree that compiles.

The modules stand in the order in which data flows: `recipe` and `entity` name things, `sources`
and `function_mentions` find them, `masks` and `operations` say what code does with a value, `graph`
collects the facts of an entity, `planner` decides, `render` and its kin make the edits, `groups`
orders them, `migration` runs it all.
"""
