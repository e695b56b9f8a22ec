"""What a list shows, whatever it is made with: rows, further pages, frames, requests of its scripts. One module a convention."""
