"""Finds the words that rules check: capitalised words, uses, variants, look-alikes, pairs of marks."""
