"""The web application: the only package that imports Dash. It shows what `layers` and `geodata` answer, and never imports the ETL."""
