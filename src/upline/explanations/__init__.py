"""Why each line of a run is what it is: in a sentence (`why.py`) and in figures (`numbers.py`).

Arrays and names in, text out; where these come from is for the caller to know."""
