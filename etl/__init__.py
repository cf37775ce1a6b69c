"""From a city's files to the database: strict, counted, explained."""
