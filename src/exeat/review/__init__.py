"""Reviewing the law: static checks of the rules, and the cases that say what each must come to."""
