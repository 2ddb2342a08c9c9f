"""A version as Akoma Ntoso 3.0 (OASIS LegalDocML), for systems that keep and compare legal documents.

Work, expression and manifestation (FRBR) are the document, the version and the file. Their URIs are the permanent
addresses of the site: the list of versions, the page of the version, and the file beside it. `akoma_body` writes the
text; here are the metadata, and the defined terms and cross-references that binding found.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote

from engross.common import value_class
from engross.corpus import derived_address, verbatim_document
from engross.exporting.akoma_body import Body, Marked, element_ids, uri, xml_text
from engross.model import Binding, Definition, Document, DocumentKind, Version
from engross.record import (
    Record,
    clause_ids,
    format_instant,
    picture_path,
    sealed_source,
    version_file,
    version_page,
    version_pictures,
    versions_page,
)
from engross.render import SealedTexts, VersionInForce, endings, in_force_with, own_set

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
SEAL_NAMESPACE = "urn:engross:record:2"
"""The namespace of the element in `proprietary` that says which sealed version the file was made from."""
AKOMA_SUFFIX = ".akn.xml"
NO_COUNTRY = "zz"
"""The country of a work of no country: a contract is made by parties. ISO 3166 leaves ZZ to its users."""

_ALPHA_3 = {
    "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "en": "eng", "es": "spa", "fi": "fin", "fr": "fra",
    "hu": "hun", "it": "ita", "nl": "nld", "pl": "pol", "pt": "por", "ro": "ron", "sv": "swe",
}  # fmt: skip
"""ISO 639-2 codes, which the standard asks for; other languages keep their BCP 47 tag."""


@value_class(frozen=True)
class VersionText:
    """A version, its text, and the permanent ids of its clauses by anchor."""

    version: Version
    document: Document
    ids: Mapping[str, str]


@value_class(frozen=True)
class Published:
    """What a file says of its place: the site's address ("" if unknown) and name, and the version's language (BCP 47).

    `earlier` are the versions of the document up to this one that applied, `ends` is the recorded end of the version.
    """

    url: str
    publisher: str
    language: str
    earlier: Sequence[Version]
    ends: datetime | None = None

    def address(self, address: str) -> str:
        """An address relative to the site's root, as a URI."""
        return f"{self.url}{address}" if self.url else f"/{address}"


def version_as_akoma(texts: SealedTexts, version: Version, url: str, publisher: str, language: str) -> bytes:
    """Return a sealed version as Akoma Ntoso, with the terms of its set as in force when it took effect.

    `url` is the site's address with a closing "/", or "". A text that the present parser refuses is one block of code.
    Raises EngrossError if a sealed file was altered.
    """
    record = texts.record
    entry, around = record.entry_of(version, version.effective), tuple(in_force_with(record, version))
    own = VersionInForce(version, entry)
    found = (_version_text(texts, one) for one in around)
    binding = texts.binding(own, around, own_set(record, version))
    published = Published(url, publisher, language, _events_before(record, version), _end(record, version))
    return akoma_ntoso(_version_text(texts, own), published, {one.document.id: one for one in found}, binding)


def _version_text(texts: SealedTexts, one: VersionInForce) -> VersionText:
    document = texts.document(one.version, one.entry)
    if document is None:
        source = sealed_source(texts.record, one.version)
        return VersionText(one.version, verbatim_document(one.entry, source), {})
    return VersionText(one.version, document, clause_ids(texts.record, one.version, one.version.post.reader))


def _events_before(record: Record, version: Version) -> tuple[Version, ...]:
    """The versions of a document up to one, itself included, without those that never applied."""
    return tuple(
        one
        for one in record.versions[version.id.document][: version.number]
        if one is version or one.withdrawn is None or one.withdrawn > one.effective
    )


def _end(record: Record, version: Version) -> datetime | None:
    ending = endings(record, version.id.document).get(version.number)
    return ending.at if ending else None


def akoma_ntoso(
    text: VersionText, published: Published, around: Mapping[str, VersionText], binding: Binding | None
) -> bytes:
    """Return a version as Akoma Ntoso 3.0.

    `around` are the versions that were in force with it, by document, which its references lead to. `binding` has the
    terms and references of its text; without one, there are none.
    """
    known = {**around, text.document.id: text}
    eids = {name: element_ids(one.document, one.ids) for name, one in known.items()}
    own = text.document.id
    for one in binding.definitions if binding else ():
        if one.place.document == own:
            eids[own].setdefault(one.anchor, f"def_{one.anchor}")
    links = _Links(text, published, known, eids)
    terms = _terms(binding, own, eids) if binding else {}
    marked = _marked(binding, own, links, terms) if binding else {}
    body = Body(text.document, eids[own], marked, links.written).write()
    kind = "list" if text.document.entry.kind is DocumentKind.CATALOGUE else "agreement"
    contains = "originalVersion" if text.version.number == 1 else "singleVersion"
    listed = [(name, term, links.of(*key)) for key, (name, term) in terms.items()]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<akomaNtoso xmlns="{NAMESPACE}">\n'
        f'<doc name="{kind}" contains="{contains}">\n{_meta(text, published, listed)}{body}</doc>\n</akomaNtoso>\n'
    ).encode()


_Key = tuple[str, str]
"""What identifies a definition: its document and its anchor."""


def _key(definition: Definition) -> _Key:
    return definition.place.document, definition.anchor


def _terms(binding: Binding, own: str, eids: Mapping[str, Mapping[str, str]]) -> dict[_Key, tuple[str, str]]:
    """The terms that a text defines or uses: the id of each in the file, and the term."""
    used = (one.definition for one in binding.uses if one.place.document == own)
    defined = (one for one in binding.definitions if one.place.document == own)
    found = {}
    for one in (*defined, *used):
        document, anchor = key = _key(one)
        eid = eids.get(document, {}).get(anchor) or anchor
        found[key] = (f"term-{eid}" if document == own else f"term-{document}-{eid}", one.term)
    return found


def _marked(
    binding: Binding, own: str, links: _Links, terms: Mapping[_Key, tuple[str, str]]
) -> dict[int, list[Marked]]:
    """The elements in the text of each clause: definitions, uses and references."""
    found: dict[int, list[Marked]] = defaultdict(list)
    for one in binding.definitions:
        if (place := one.place).document == own:
            name = terms[_key(one)][0]
            eid = "" if links.is_clause(one.anchor) else f' eId="{xml_text(links.eids[own][one.anchor])}"'
            found[place.clause].append(Marked(place.start, place.end, f'<def{eid} refersTo="#{uri(name)}">', "</def>"))
    for use in binding.uses:
        if (place := use.place).document == own:
            name = uri(terms[_key(use.definition)][0])
            found[place.clause].append(Marked(place.start, place.end, f'<term refersTo="#{name}">', "</term>"))
    for reference in binding.references:
        if (place := reference.place).document == own and reference.target:
            target = uri(links.of(*reference.target))
            found[place.clause].append(Marked(place.start, place.end, f'<ref href="{target}">', "</ref>"))
    return found


class _Links:
    """Where links and references lead: to eIds in the file, to versions in force with it, to pages of the site."""

    def __init__(
        self,
        text: VersionText,
        published: Published,
        known: Mapping[str, VersionText],
        eids: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.text, self.published, self.known, self.eids = text, published, known, eids
        self._files = {one.document.entry.file: name for name, one in known.items()}
        self._pictures = version_pictures(text.version)
        self._anchors = {clause.anchor for clause in text.document.root.walk()}

    def is_clause(self, anchor: str) -> bool:
        """Whether an anchor of the text is that of a clause, not of a definition in running text."""
        return anchor in self._anchors

    def of(self, document: str, anchor: str) -> str:
        """The address of a place by document and anchor; "" as anchor is the whole document."""
        # The record has no id for a clause that only a later generation of the parser finds.
        eid = self.eids.get(document, {}).get(anchor, "")
        place = f"#{eid}" if eid else ""
        if document == self.text.document.id and place:
            return place
        if document not in self.known:
            return f"{self.published.address(versions_page(document))}{place}"
        return f"{self.published.address(version_page(self.known[document].version.id))}{place}"

    def written(self, target: str) -> str:
        """The address of a written link; "" for one that leads nowhere, such as a picture that was not sealed."""
        path, _, anchor = target.partition("#")
        if ":" in path.partition("/")[0] or path.startswith("//"):
            return target
        file = self.text.document.entry.file
        picture = picture_path(self.text.version.entry.file, target)
        if picture in self._pictures:
            return self.published.address(self._pictures[picture])
        name = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path))) if path else file
        if name in self._files:
            return self.of(self._files[name], anchor)
        return self.published.address(derived_address(name).removeprefix("./")) if name.endswith(".md") else ""


def _meta(text: VersionText, published: Published, terms: Sequence[tuple[str, str, str]]) -> str:
    versions = published.earlier
    return (
        f"<meta>\n{_identification(text, published)}"
        f'<lifecycle source="#publisher">\n{"".join(_events(versions, published.ends))}</lifecycle>\n'
        f'<temporalData source="#publisher">\n{_period(text.version, published.ends)}</temporalData>\n'
        f'<references source="#engross">\n{"".join(_references(published, terms))}</references>\n'
        f'<proprietary source="#engross">\n{_sealed(text.version)}</proprietary>\n</meta>\n'
    )


def _identification(text: VersionText, published: Published) -> str:
    version, first = text.version, published.earlier[0]
    parts = (
        ("FRBRWork", published.address(versions_page(version.id.document)), first.posted, "posted", _work(text)),
        ("FRBRExpression", published.address(version_page(version.id)), version.effective, "effective",
         f'<FRBRversionNumber value="{version.number}"/>\n<FRBRlanguage language="{_language(published)}"/>\n'),
        ("FRBRManifestation", published.address(version_file(version.id, AKOMA_SUFFIX)), version.posted, "posted",
         '<FRBRformat value="application/akn+xml"/>\n'),
    )  # fmt: skip
    return f'<identification source="#engross">\n{"".join(map(_frbr, *zip(*parts, strict=True)))}</identification>\n'


def _frbr(element: str, address: str, at: datetime, name: str, more: str) -> str:
    value = uri(address)
    return (
        f'<{element}>\n<FRBRthis value="{value}"/>\n<FRBRuri value="{value}"/>\n'
        f'<FRBRdate date="{format_instant(at)}" name="{name}"/>\n<FRBRauthor href="#publisher"/>\n{more}</{element}>\n'
    )


def _work(text: VersionText) -> str:
    entry = text.document.entry
    return (
        f'<FRBRcountry value="{NO_COUNTRY}"/>\n<FRBRsubtype value="{entry.kind}"/>\n'
        f'<FRBRnumber value="{xml_text(entry.id)}"/>\n<FRBRname value="{xml_text(entry.title)}"/>\n'
    )


def _language(published: Published) -> str:
    return xml_text(_ALPHA_3.get(published.language.partition("-")[0], published.language))


def _events(versions: Sequence[Version], ends: datetime | None) -> Iterator[str]:
    """The events of the document up to the version; its recorded end comes last."""
    for version in versions:
        kind = "amendment" if version.post.supersedes else "generation"
        yield (
            f'<eventRef eId="event_{version.number}" date="{format_instant(version.effective)}" type="{kind}" '
            f'source="#version_{version.number}"/>\n'
        )
    if ends:
        yield f'<eventRef eId="event_end" date="{format_instant(ends)}" type="repeal" source="#publisher"/>\n'


def _period(version: Version, ends: datetime | None) -> str:
    end = ' end="#event_end"' if ends else ""
    interval = f'<timeInterval start="#event_{version.number}"{end} refersTo="#in-force"/>'
    return f'<temporalGroup eId="period_1">\n{interval}\n</temporalGroup>\n'


def _references(published: Published, terms: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for version in published.earlier:
        name = "passiveRef" if version.post.supersedes else "original"
        title = xml_text(f"{version.entry.title}, {version.number}")
        address = uri(published.address(version_page(version.id)))
        yield f'<{name} eId="version_{version.number}" href="{address}" showAs="{title}"/>\n'
    yield f'<TLCOrganization eId="publisher" href="{uri(published.address(""))}" showAs="{_shown(published)}"/>\n'
    yield '<TLCProcess eId="engross" href="/akn/ontology/process/engross" showAs="Engross"/>\n'
    yield '<TLCConcept eId="in-force" href="/akn/ontology/concept/in-force" showAs="in force"/>\n'
    for name, term, address in terms:
        yield f'<TLCTerm eId="{xml_text(name)}" href="{uri(address)}" showAs="{xml_text(" ".join(term.split()))}"/>\n'


def _shown(published: Published) -> str:
    return xml_text(published.publisher or "publisher")


def _sealed(version: Version) -> str:
    """Which sealed version the file was made from, for `engross verify`."""
    facts = {
        "document": version.id.document,
        "version": str(version.number),
        "source": version.sealed.source,
        "text": version.sealed.text,
        "seal": version.sealed.seal,
        "entry": version.post.hash,
    }
    written = "".join(f' {name}="{xml_text(value)}"' for name, value in facts.items() if value)
    return f'<eg:sealed xmlns:eg="{SEAL_NAMESPACE}"{written}/>\n'
