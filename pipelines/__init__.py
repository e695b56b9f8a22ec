"""How and when the assets run: definitions, resources, partitions, jobs, schedules; and the command line."""
