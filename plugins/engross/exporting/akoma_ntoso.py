"""A version as Akoma Ntoso 3.0 (OASIS LegalDocML), for systems that keep and compare legal documents.

Work, expression and manifestation (FRBR) are the document, the version and the file. Their URIs are the permanent
addresses of the site: the list of versions, the page of the version, and the file beside it. `akoma_body` writes the
text; here are the metadata, and the defined terms and cross-references that binding found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from engross.common import EngrossError, error, value_class
from engross.exporting.akoma_body import Body, Marked, element_ids, uri, xml_text
from engross.exporting.copies import Copy, Part
from engross.model import Definition, Document, Place, Tree, Version
from engross.record import (
    AWAITED,
    format_instant,
    picture_path,
    version_file,
    version_page,
    version_pictures,
    versions_page,
)

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
SEAL_NAMESPACE = "urn:engross:record:2"
"""The namespace of the element in `proprietary` that says which sealed version the file was made from."""
AKOMA_SUFFIX = ".akn.xml"
NO_COUNTRY = "zz"
"""The country of a work of no country: a contract is made by parties. ISO 3166 leaves ZZ to its users."""

_PERIOD = "period_1"
_ALPHA_3 = {
    "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "en": "eng", "es": "spa", "fi": "fin", "fr": "fra",
    "hu": "hun", "it": "ita", "nl": "nld", "pl": "pol", "pt": "por", "ro": "ron", "sv": "swe",
}  # fmt: skip
"""ISO 639-2 codes, which the standard asks for; other languages keep their BCP 47 tag."""


@value_class(frozen=True)
class _Text:
    """A version, its text, and the eIds of its clauses by anchor."""

    version: Version
    document: Document
    eids: dict[str, str]


def akoma_ntoso(copy: Copy) -> bytes:
    """Return a copy of a version as Akoma Ntoso 3.0. Raises EngrossError for a draft, which is no expression yet."""
    part = copy.parts[0]
    if part.version is None or part.tree is None:
        message = "only a posted version can be Akoma Ntoso, which states its version and from when it applies"
        raise EngrossError([error("format", part.document.id, 0, 0, message)])
    own = _text(part.version, part.document, part.tree)
    for one in part.binding.definitions if part.binding else ():
        if one.place.document == part.document.id:
            own.eids.setdefault(one.anchor, f"def_{one.anchor}")
    links = _Links(part, own, _site_of(copy, part.version))
    terms = _terms(links) if part.binding else {}
    period = f' period="#{_PERIOD}"' if _has_period(part.version) else ""
    body = Body(part.document, own.eids, _marked(links, terms), links.written).write(period)
    kind = "list" if part.document.entry.kind.has_rows else "agreement"
    contains = "originalVersion" if part.version.number == 1 else "singleVersion"
    meta = _Meta(copy, part, part.version, links).write(terms)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<akomaNtoso xmlns="{NAMESPACE}">\n'
        f'<doc name="{kind}" contains="{contains}">\n{meta}{body}</doc>\n</akomaNtoso>\n'
    ).encode()


def _text(version: Version, document: Document, tree: Tree) -> _Text:
    ids = {} if document.verbatim else {one.anchor: one.id for one in tree.clauses}
    return _Text(version, document, element_ids(document, ids))


def _site_of(copy: Copy, version: Version) -> str:
    """The address of the site, from that of the version's page; "/" if it is not known."""
    return copy.address.removesuffix("index.html").removesuffix(version_page(version.id)) or "/"


_Key = tuple[str, str]
"""What identifies a definition: its document and its anchor."""


def _key(definition: Definition) -> _Key:
    return definition.place.document, definition.anchor


class _Links:
    """Where links and references lead: to eIds in the file, to versions in force with it, to pages of the site."""

    def __init__(self, part: Part, own: _Text, site: str) -> None:
        self.part, self.own, self.site = part, own, site
        documents = {one.id: one for one in part.binding.edition.documents} if part.binding else {}
        others = ((name, *found) for name, found in part.around.items() if name in documents)
        self.known = {name: _text(version, documents[name], tree) for name, version, tree in others}
        self.known[part.document.id] = own
        self._pictures = version_pictures(own.version)
        self._anchors = {clause.anchor for clause in part.document.root.walk()}

    def is_clause(self, anchor: str) -> bool:
        """Whether an anchor of the text is that of a clause, not of a definition in running text."""
        return anchor in self._anchors

    def full(self, address: str) -> str:
        """An address relative to the site's root, as a URI."""
        return f"{self.site}{address}"

    def of(self, document: str, anchor: str) -> str:
        """The address of a place by document and anchor; "" as anchor is the whole document."""
        found = self.known.get(document)
        # The record has no id for a clause that only a later generation of the parser finds.
        eid = found.eids.get(anchor, "") if found else ""
        place = f"#{eid}" if eid else ""
        if found is self.own and place:
            return place
        return f"{self.full(version_page(found.version.id) if found else versions_page(document))}{place}"

    def written(self, target: str) -> str:
        """The address of a written link; "" for one that leads nowhere, such as a picture that was not sealed."""
        picture = picture_path(self.own.version.entry.file, target)
        if picture in self._pictures:
            return self.full(self._pictures[picture])
        found = self.part.target(target)
        if found is None:
            return ""
        return self.of(found.document, found.anchor) if found.document else found.address


def _terms(links: _Links) -> dict[_Key, tuple[str, str]]:
    """The terms that a text defines or uses: the id of each in the file, and the term."""
    binding, own = links.part.binding, links.part.document.id
    assert binding is not None
    used = (one.definition for one in binding.uses if one.place.document == own)
    defined = (one for one in binding.definitions if one.place.document == own)
    found = {}
    for one in (*defined, *used):
        document, anchor = key = _key(one)
        there = links.known.get(document)
        eid = there.eids.get(anchor, anchor) if there else anchor
        found[key] = (f"term-{eid}" if document == own else f"term-{document}-{eid}", one.term)
    return found


def _marked(links: _Links, terms: Mapping[_Key, tuple[str, str]]) -> dict[int, list[Marked]]:
    """The elements in the text of each clause: definitions, uses and references."""
    found: dict[int, list[Marked]] = defaultdict(list)
    binding = links.part.binding

    def add(place: Place, opening: str, closing: str) -> None:
        if place.document == links.part.document.id:
            found[place.clause].append(Marked(place.start, place.end, opening, closing))

    for one in binding.definitions if binding else ():
        if one.place.document == links.part.document.id:
            eid = "" if links.is_clause(one.anchor) else f' eId="{xml_text(links.own.eids[one.anchor])}"'
            add(one.place, f'<def{eid} refersTo="#{uri(terms[_key(one)][0])}">', "</def>")
    for use in binding.uses if binding else ():
        if use.place.document == links.part.document.id:
            add(use.place, f'<term refersTo="#{uri(terms[_key(use.definition)][0])}">', "</term>")
    for reference in binding.references if binding else ():
        if reference.target:
            add(reference.place, f'<ref href="{uri(links.of(*reference.target))}">', "</ref>")
    return found


class _Meta:
    """The metadata of a version."""

    def __init__(self, copy: Copy, part: Part, version: Version, links: _Links) -> None:
        self.copy, self.part, self.version, self.links = copy, part, version, links

    def write(self, terms: Mapping[_Key, tuple[str, str]]) -> str:
        """The element `meta`; `terms` are those that the text defines or uses."""
        return (
            f'<meta>\n<identification source="#engross">\n{"".join(self._identification())}</identification>\n'
            f"{self._lifecycle()}{self._temporal_data()}"
            f'<references source="#engross">\n{"".join(self._references(terms))}</references>\n'
            f'<proprietary source="#engross">\n{_sealed(self.version)}</proprietary>\n</meta>\n'
        )

    def _identification(self) -> Iterator[str]:
        version, entry, full = self.version, self.part.document.entry, self.links.full
        work = (
            f'<FRBRcountry value="{NO_COUNTRY}"/>\n<FRBRsubtype value="{entry.kind}"/>\n'
            f'<FRBRnumber value="{xml_text(entry.id)}"/>\n<FRBRname value="{xml_text(entry.title)}"/>\n'
        )
        language = _ALPHA_3.get(self.part.language.partition("-")[0], self.part.language)
        expression = f'<FRBRversionNumber value="{version.number}"/>\n<FRBRlanguage language="{xml_text(language)}"/>\n'
        first, file = self.part.earlier[0], version_file(version.id, AKOMA_SUFFIX)
        yield _frbr("FRBRWork", full(versions_page(entry.id)), first.posted, "posted", work)
        # An imported version applies from its sealing as far as the record knows; nobody recorded when it did.
        dated = "sealed" if version.imported else "effective" if _has_period(version) else "posted"
        at = version.effective if _has_period(version) else version.posted
        yield _frbr("FRBRExpression", full(version_page(version.id)), at, dated, expression)
        form = '<FRBRformat value="application/akn+xml"/>\n'
        yield _frbr("FRBRManifestation", full(file), version.posted, "posted", form)

    def _lifecycle(self) -> str:
        """The events of the document; the standard allows no element without any."""
        events = "".join(self._events())
        return f'<lifecycle source="#publisher">\n{events}</lifecycle>\n' if events else ""

    def _events(self) -> Iterator[str]:
        """The events of the document up to the version; its recorded end comes last."""
        for version in (one for one in self.part.earlier if one.imported or _has_period(one)):
            kind = "amendment" if version.post.supersedes else "generation"
            yield (
                f'<eventRef eId="event_{version.number}" date="{format_instant(version.effective)}" type="{kind}" '
                f'source="#version_{version.number}"/>\n'
            )
        if self.part.ends:
            date = format_instant(self.part.ends)
            yield f'<eventRef eId="event_end" date="{date}" type="repeal" source="#publisher"/>\n'

    def _temporal_data(self) -> str:
        """When the version is in force; empty if it has no period."""
        if not _has_period(self.version):
            return ""
        return f'<temporalData source="#publisher">\n{self._period()}</temporalData>\n'

    def _period(self) -> str:
        end = ' end="#event_end"' if self.part.ends else ""
        interval = f'<timeInterval start="#event_{self.version.number}"{end} refersTo="#in-force"/>'
        return f'<temporalGroup eId="{_PERIOD}">\n{interval}\n</temporalGroup>\n'

    def _references(self, terms: Mapping[_Key, tuple[str, str]]) -> Iterator[str]:
        for version in self.part.earlier:
            name = "passiveRef" if version.post.supersedes else "original"
            address = self.links.full(version_page(version.id))
            shown = f"{version.entry.title}, {version.number}"
            yield _reference(name, f"version_{version.number}", address, shown)
        yield _reference("TLCOrganization", "publisher", self.links.site, self.copy.publisher or "the publisher")
        yield _reference("TLCProcess", "engross", "/akn/ontology/process/engross", "Engross")
        yield _reference("TLCConcept", "in-force", "/akn/ontology/concept/in-force", "in force")
        for key, (name, term) in terms.items():
            yield _reference("TLCTerm", name, self.links.of(*key), " ".join(term.split()))


def _has_period(version: Version) -> bool:
    """Whether it is known when a version is in force.

    Nobody recorded that of an imported one at the time; it is not known yet of one that waits for the delivery of its
    notice; and one that was withdrawn before it took effect never was in force.
    """
    never = version.withdrawn is not None and version.withdrawn <= version.effective
    return not (version.imported or version.is_awaiting or never)


def _reference(element: str, eid: str, address: str, shown: str) -> str:
    return f'<{element} eId="{xml_text(eid)}" href="{uri(address)}" showAs="{xml_text(shown)}"/>\n'


def _frbr(element: str, address: str, at: datetime, name: str, more: str) -> str:
    value = uri(address)
    return (
        f'<{element}>\n<FRBRthis value="{value}"/>\n<FRBRuri value="{value}"/>\n'
        f'<FRBRdate date="{format_instant(at)}" name="{name}"/>\n<FRBRauthor href="#publisher"/>\n{more}</{element}>\n'
    )


def _sealed(version: Version) -> str:
    """Which sealed version the file was made from, for `engross verify`."""
    facts = {
        "document": version.id.document,
        "version": str(version.number),
        "source": version.sealed.source,
        "text": version.sealed.text,
        "seal": version.sealed.seal,
        "entry": version.post.hash,
        "effective": AWAITED if version.is_awaiting and not version.withdrawn else "",
    }
    written = "".join(f' {name}="{xml_text(value)}"' for name, value in facts.items() if value)
    return f'<eg:sealed xmlns:eg="{SEAL_NAMESPACE}"{written}/>\n'
