"""Lessons: a folder each, with what happens in `lesson.json` and its words in one Markdown file per language.

They are read, checked and turned into plain data that a page can show without trusting their writer.
"""
