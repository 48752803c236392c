"""What the shell command `python -m lib` asks of the file system and of the words typed."""
