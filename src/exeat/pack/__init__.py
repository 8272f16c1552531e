"""The evidence pack: one recorded decision as a ZIP that an auditor checks without exeat."""
