"""What exists, as Dagster assets: each body reads, calls one core function, writes, and reports metadata."""

import warnings

# Dagster calls backfill policies beta; the version that is pinned has been tried. Dagster itself is not imported here: the
# command line knows the home folder without it.
warnings.filterwarnings("ignore", message="Parameter `backfill_policy`")
