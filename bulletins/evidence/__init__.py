"""Which answer do the words around a number speak for? Named evidence, weighed; no piece of it decides.

The rules of `bulletins/reading/` answer first. Their answers are evidence like any other, with a reliability that was measured
on bulletins that no rule was written on. `page_year.py` asks of the page, `clues.py` gathers what speaks of a number,
`weights.py` adds it up, `judge.py` says who speaks: the weighed answer where it is sure, else the rule.
"""
