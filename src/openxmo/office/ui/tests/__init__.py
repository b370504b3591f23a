"""Tests of the shell and the components, and what other rooms' tests of pages use: `browser.py`."""
