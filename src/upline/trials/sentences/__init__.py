"""Why each line is what it is. `why.py` is the way in, `facts.py` what the sentences look up."""
