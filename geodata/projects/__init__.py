"""What follows from demolition projects: stages as examples, forecast, course, delays, programmes."""
