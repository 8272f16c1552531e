"""The law as data: regimes, measures, rules, registers, cases; loaded, checked, versioned."""
