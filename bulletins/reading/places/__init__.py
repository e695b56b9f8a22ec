"""Whom a figure is about: the places that a page of one home may speak of, found in its sentences and in cells of tables."""

from bulletins.reading.places.reach import Reach
from bulletins.reading.places.reader import PageNames, PlaceReader, Spoken, Subject

__all__ = ["PageNames", "PlaceReader", "Reach", "Spoken", "Subject"]
