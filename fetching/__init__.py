"""The edge to the web: source lists, polite fetching, and the snapshot store. Knows nothing of Dagster."""
