"""What each kind of bonus pays."""
