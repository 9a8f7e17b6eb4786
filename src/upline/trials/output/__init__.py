"""What a trial writes: tables, CSV, JSON with what is carried over, or the trace of a member."""
