"""What becomes of the housing: closed houses and their households, dwellings lost and won, replacement dwellings."""
