# SPDX-License-Identifier: GPL-2.0-only
"""What all tests share: the `--update` switch of the cases in folders.

In: pytest's command line. Out: the fixture `update`, true where a person asked for it; never in CI.
"""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="write what the engine gives into tests/cases; look at the diff before you commit it",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update") and os.environ.get("CI"):
        raise pytest.UsageError("--update in CI would make every case pass")


@pytest.fixture(scope="session")
def update(request: pytest.FixtureRequest) -> bool:
    """Whether cases are to be rewritten."""
    return bool(request.config.getoption("--update"))
