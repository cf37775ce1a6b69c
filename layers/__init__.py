"""What can be drawn on the map: one file per layer, found by itself, without Dash."""
