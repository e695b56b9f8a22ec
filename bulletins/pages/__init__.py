"""Bytes → text: HTML, documents, sheets and PDF, with their titles and dates."""
