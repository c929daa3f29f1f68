"""Anchors of headings as GitHub makes them, which is what the pages' links are written for."""
import re


def slug(text, separator):
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", separator)
