"""Redaction: visibly remove words from sealed versions and posted notes."""
