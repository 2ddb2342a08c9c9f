"""The defined terms of a set as JSON: what is read of a binding does not grow with the number of its documents."""

from collections.abc import Iterator
from dataclasses import replace

from engross.exporting import ShownDocument, terms_file
from engross.model import Document, DocumentEntry, DocumentKind, Edition, SetEntry, Source, Use
from engross.terms import bind
from engross.text import parse


class Counted(tuple[Use, ...]):
    """Uses that count how often all of them are read."""

    times = 0

    def __iter__(self) -> Iterator[Use]:
        Counted.times += 1
        return super().__iter__()


def _document(name: str) -> Document:
    text = f"# {name.title()}\n\n“Fee” means a price.\n\nThe Fee is due under Section 1 of the {name.title()}.\n"
    source = Source(f"{name}.md", text, text.encode())
    return Document(DocumentEntry(name, name.title(), DocumentKind.AGREEMENT, f"{name}.md"), source, parse(source))


def test_the_uses_of_a_set_are_read_twice_for_all_its_documents() -> None:
    documents = tuple(_document(name) for name in ("terms", "rules", "order", "policy"))
    binding = bind(Edition(SetEntry("set", "Set", "terms"), documents))
    shown = {one.id: ShownDocument(None, f"{one.id}/", {}) for one in documents}
    wanted = terms_file(binding, shown)
    assert len(wanted["documents"]) == len(documents)
    assert terms_file(replace(binding, uses=Counted(binding.uses)), shown) == wanted
    assert Counted.times == 2
