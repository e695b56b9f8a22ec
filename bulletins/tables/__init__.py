"""Tables of a text → observations: heads, stubs, units and years of cells."""
