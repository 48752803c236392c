"""Every format that can be read, in a child process with limits."""
