"""Programs for the jobs of a host that hold a key or a token: the standard library and git, and nothing else.

Each is one file that runs by itself (`python -I FILE`), so that such a job needs no package, and an operator can read
all of what the key is used for. They import nothing of Engross. `engross init` copies them into a site's `.engross/`.
"""
