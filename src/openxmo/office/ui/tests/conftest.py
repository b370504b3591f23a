"""The browser, for the tests of this folder."""

from openxmo.office.ui.tests.browser import chromium, page

__all__ = ["chromium", "page"]
