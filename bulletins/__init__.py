"""The core: from the bytes of a page to its observations.

Pure functions over Polars frames and small frozen types. Nothing here knows Dagster, DuckDB or the network.

Start with `read.py`, which tells the whole story on one screen; `frames.py` has the schemas of what comes out.
"""
