"""What rules know about words of English: numbers, names, acronyms, things that are no terms."""
