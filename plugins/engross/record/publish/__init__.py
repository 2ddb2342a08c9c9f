"""The record as it is published: posted changes, facts for programs, addresses."""
