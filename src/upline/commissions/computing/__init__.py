"""A calculated run: what goes into it, the core, what earlier runs hand on or take back."""
