"""What exists, as Dagster assets: each body reads, calls one core function, writes, and reports metadata."""
