"""The scenario (Planspiel): what a change of intervals or teams would mean, for whom, and who would pay for it."""
