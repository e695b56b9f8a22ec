"""What is said of a file that cannot be read."""


class AttachmentError(ValueError):
    """An attachment that cannot be read: damaged, encrypted, or of a format that is not known."""
