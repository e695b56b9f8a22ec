"""Numbers in prose → what they are about: one module a question (when, whose, what)."""
