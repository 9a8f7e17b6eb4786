"""What is kept of a run: its lines, and the archive that it can be checked by."""
