"""Screens for the objects of the office: forms made from the same classes that read the office file."""
