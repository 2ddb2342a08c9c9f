from . import addresses as addresses
from .addresses import (
    LEDGER_FILE as LEDGER_FILE,
    MANIFEST as MANIFEST,
    UPCOMING as UPCOMING,
    change_page as change_page,
    clauses_page as clauses_page,
    redline_page as redline_page,
    version_file as version_file,
    version_page as version_page,
    version_pictures as version_pictures,
    versions_page as versions_page,
)
from .encoding import (
    canonical as canonical,
    display_instant as display_instant,
    format_instant as format_instant,
    hash_of as hash_of,
    parse_written_instant as parse_written_instant,
    sha256 as sha256,
)
from .external import other_ledger as other_ledger
from .history import LEDGER as LEDGER, Record as Record
from .in_force import (
    Period as Period,
    announced_projects as announced_projects,
    in_force_project as in_force_project,
    periods as periods,
    standing as standing,
)
from .journal import locked as locked
from .ledger.descriptions import describe_entry as describe_entry
from .ledger.file import ledger_bytes as ledger_bytes
from .notes.draft_text import NoteDraft as NoteDraft
from .notes.files import read_posted as read_posted
from .notes.new_note import (
    NoteRequest as NoteRequest,
    new_note_page as new_note_page,
    note_draft as note_draft,
    suggested_documents as suggested_documents,
    suggested_sets as suggested_sets,
    write_note as write_note,
)
from .notes.reader import (
    is_note as is_note,
    notes_schema as notes_schema,
    own_text_of as own_text_of,
    posted_note as posted_note,
    summary_tree as summary_tree,
    version_id as version_id,
)
from .notes.schema import IMMEDIATELY as IMMEDIATELY
from .pictures import (
    PictureHashes as PictureHashes,
    changed_between as changed_between,
    changed_pictures as changed_pictures,
    data_address as data_address,
    docs_hashes as docs_hashes,
    is_local as is_local,
    leaves_docs as leaves_docs,
    picture_hash as picture_hash,
    picture_path as picture_path,
    sealed_hashes as sealed_hashes,
    shown_pictures as shown_pictures,
    unsealed_pictures as unsealed_pictures,
)
from .posting.announced import continued as continued, first_announced as first_announced
from .posting.drafts import (
    Draft as Draft,
    PostedTerm as PostedTerm,
    posted_terms as posted_terms,
    sealed_document as sealed_document,
    terms_of_folder as terms_of_folder,
)
from .posting.plan import Plan as Plan
from .posting.rebase import Fix as Fix, Rebased as Rebased, rebase as rebase
from .posting.relations import Difference as Difference
from .posting.releasing import State as State, emergencies as emergencies, read_state as read_state, release as release
from .posting.review import review as review
from .posting.sealing import write as write
from .redact.leftovers import NOTE as NOTE
from .redact.redaction import (
    SUMMARY as SUMMARY,
    NoteOrder as NoteOrder,
    Order as Order,
    Redaction as Redaction,
    plan_note_redaction as plan_note_redaction,
    plan_redaction as plan_redaction,
)
from .rules import BY_NAME as BY_NAME, RULES as RULES
from .rules.dates import ANNOUNCED_TEXT as ANNOUNCED_TEXT
from .rules.grounds import unrecorded_grounds as unrecorded_grounds
from .rules.rule import RecordRule as RecordRule
from .sealed_files import (
    SEAL as SEAL,
    note_name as note_name,
    sealed_bytes as sealed_bytes,
    sealed_note as sealed_note,
    sealed_pictures as sealed_pictures,
    sealed_seal as sealed_seal,
    sealed_source as sealed_source,
    sealed_tree as sealed_tree,
    suffix as suffix,
)
from .trees import DEFINITION as DEFINITION, addressed as addressed
from .verification import (
    check_against as check_against,
    check_prefix as check_prefix,
    interruption as interruption,
    open_record as open_record,
    reparsed as reparsed,
    sealed_in as sealed_in,
    verify as verify,
)
from .views.json_files import (
    acceptance_json as acceptance_json,
    change_json as change_json,
    fact_changes as fact_changes,
    manifest_json as manifest_json,
    published_schemas as published_schemas,
    upcoming_json as upcoming_json,
)
from .views.posted_changes import (
    ChangeState as ChangeState,
    Effect as Effect,
    Posted as Posted,
    PostedChange as PostedChange,
    effects as effects,
    posted_changes as posted_changes,
)
