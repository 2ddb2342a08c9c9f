"""Findings and terms in the forms that programs read: JSON, workflow commands, SARIF."""
