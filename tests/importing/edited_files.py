"""A contract, its Word file with other XML in it, and the two merged."""

import zipfile
from io import BytesIO

from tests.exporting.copies import copy_of

from engross.importing import Edited, merge_edited
from engross.text import decode, parse

TERMS = """# Terms

Opening words.[^fees] They go on
over two lines.

## 1. Fees

(a) First, see Section 2.1.

(b) Second:

    (i) inner; and

    (ii) other.

(c) Third.

## 2. Term

2.1 It begins. See [the law][law] and *this*.

- a point
- another

***

| Fee | Amount |
|:----|-------:|
| one | 5      |
| two | 6      |

[^fees]: The *note*.

[law]: https://example.com/
"""


def changed(data: bytes, *pairs: tuple[str, str], part: str = "word/document.xml") -> bytes:
    """A Word file with other XML in a part."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                for before, after in pairs:
                    assert before.encode() in text, before
                    text = text.replace(before.encode(), after.encode(), 1)
            new.writestr(name, text)
    return out.getvalue()


def archive(data: bytes) -> str:
    """The XML of the text of a Word file."""
    with zipfile.ZipFile(BytesIO(data)) as file:
        return file.read("word/document.xml").decode()


def merged(
    data: bytes, text: str = TERMS, current: str | None = None, tracked: str = "track", *, known: bool = True
) -> Edited:
    source = decode((text if current is None else current).encode(), "docs/terms.md")
    return merge_edited(data, "edited.docx", copy_of(text), source, parse, tracked=tracked, known=known)
