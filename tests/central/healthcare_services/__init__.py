"""Healthcare services and employee roles."""
