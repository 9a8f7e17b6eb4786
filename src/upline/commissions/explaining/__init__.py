"""Why each line of a run is what it is, for whom it concerns."""
