# SPDX-License-Identifier: GPL-2.0-only
"""Counting what did not parse."""

from vmaconv.cocci.shim.parse_stats import ErrorPlace, FileStats, measure


def test_clean_file() -> None:
    stats = measure(b"int a;\n\nint __init f(void)\n{\n\treturn a;\n}\n")
    assert stats == FileStats(files=1, functions=1, lines=6)
    assert stats.clean_share == 1.0


def test_no_text_has_no_lines() -> None:
    assert measure(b"") == FileStats(files=1)
    assert measure(b"").clean_share == 1.0


def test_last_line_counts_without_a_newline() -> None:
    assert measure(b"int a;\nint b;").lines == 2


def test_missing_node_is_an_error_on_its_line() -> None:
    stats = measure(b"int f(void)\n{\n\treturn 1\n}\nint g(void)\n{\n}\n", b"a.c")
    assert (stats.functions, stats.functions_in_error, stats.error_lines) == (2, 1, 1)
    assert stats.places == (ErrorPlace(b"a.c", 3, b"f"),)


def test_error_node_counts_all_its_lines_once() -> None:
    text = b"int a;\n@@\n\n@@\nint b;\n"
    stats = measure(text)
    assert stats.error_lines == 3
    assert stats.places[0].line == 2


def test_error_in_the_second_variant_counts() -> None:
    text = b"int a =\n#ifdef A\n1\n#else\n1 1 @\n#endif\n;\n"
    stats = measure(text)
    assert stats.error_lines == 1
    assert [place.line for place in stats.places][:1] == [5]


def test_function_in_both_arms_is_two() -> None:
    text = b"#ifdef A\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n"
    assert measure(text).functions == 2


def test_name_is_found_behind_a_pointer() -> None:
    stats = measure(b"struct s *f(int a)\n{\n\treturn 1\n}\n")
    assert stats.places[0].function == b"f"


def test_counts_add_up() -> None:
    one = measure(b"int f(void) { return 1 }\n", b"a.c")
    two = measure(b"int a;\n", b"b.c")
    both = one + two
    assert (both.files, both.functions, both.lines, both.error_lines) == (2, 1, 2, 1)
    assert both.places == one.places
    assert both.clean_share == 0.5
