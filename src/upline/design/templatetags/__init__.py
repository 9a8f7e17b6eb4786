"""Where Django looks for what templates use."""
