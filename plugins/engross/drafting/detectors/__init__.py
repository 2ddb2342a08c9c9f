"""What several rules look for: capitalised words, definition lists, look-alikes, unpaired marks, enumerators, uses."""
