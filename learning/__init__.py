"""How `catalog/weights.csv` is made from annotated bulletins; nothing of it runs when pages are read.

`instances.py` lets the reader gather the evidence of every annotated number, `fit.py` learns what it is worth, `weights.py`
writes it down (`make weights`) and measures it out of fold.
"""
