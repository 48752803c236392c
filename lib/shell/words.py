"""What stops the shell command."""


class CannotUse(Exception):  # noqa: N818 - the words are for the user
    """What is wrong with the file or the wish, in words; exit 2."""
