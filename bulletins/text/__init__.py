"""Text → its spelling, its numbers, its sentences and its words, before anything is known of what they mean."""
