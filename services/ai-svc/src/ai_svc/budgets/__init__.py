"""What calls to models may cost: limits, reservations, prices, and what was used."""
