"""What must hold of the data, one module a suite. `runner.py` is the only caller of Great Expectations."""
