def text_blocks(text, line): return [], []
