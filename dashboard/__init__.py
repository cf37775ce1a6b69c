"""The web application, and the only package that imports Dash: it shows what `layers` and `geodata` answer."""
