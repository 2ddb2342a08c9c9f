"""Word files: clean copies with Word's own numbers and references, and redlines as tracked changes.

The blocks of an edit script are laid out as the paragraphs and tables that Word knows (`block_layout`); numbers that
Word can generate become its numbering (`numbers`); both are written as WordprocessingML (`body_xml`) in a package
(`package`). A clean copy is a script without changes.
"""
