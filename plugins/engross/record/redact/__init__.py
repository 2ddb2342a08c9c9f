"""Redaction: takes words out of sealed versions and posted notes, visibly."""
