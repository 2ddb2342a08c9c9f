from . import addresses as addresses
from .addresses import (
    GENERATED as GENERATED,
    LEDGER_FILE as LEDGER_FILE,
    change_page as change_page,
    clause_lists as clause_lists,
    clauses_page as clauses_page,
    compare_page as compare_page,
    downloads_file as downloads_file,
    older_clauses as older_clauses,
    older_versions as older_versions,
    own_files as own_files,
    planned_redline_page as planned_redline_page,
    redline_data as redline_data,
    redline_file as redline_file,
    redline_page as redline_page,
    reserved_addresses as reserved_addresses,
    set_file as set_file,
    version_file as version_file,
    version_folder as version_folder,
    version_page as version_page,
    version_pictures as version_pictures,
    versions_data as versions_data,
    versions_page as versions_page,
)
from .delivery import (
    Notice as Notice,
    NoticeKind as NoticeKind,
    is_withdrawn as is_withdrawn,
    notices as notices,
    receipt_of as receipt_of,
    takes_receipt as takes_receipt,
)
from .encoding import (
    AWAITED as AWAITED,
    FORMS as FORMS,
    canonical as canonical,
    display_instant as display_instant,
    format_fixed as format_fixed,
    format_instant as format_instant,
    hash_of as hash_of,
    instant_in_words as instant_in_words,
    parse_sealed_instant as parse_sealed_instant,
    parse_written_instant as parse_written_instant,
    sha256 as sha256,
)
from .external import (
    AGENT as AGENT,
    Answer as Answer,
    ask as ask,
    other_ledger as other_ledger,
    run as run,
    run_openly as run_openly,
    status_text as status_text,
    tracked as tracked,
    would_be_added as would_be_added,
)
from .git_changes import (
    BaseCommit as BaseCommit,
    FileChange as FileChange,
    built_commit as built_commit,
    changed_files as changed_files,
    find_base as find_base,
    merged_commit as merged_commit,
    pack_changes as pack_changes,
    refuse_committed_cache as refuse_committed_cache,
    write_files as write_files,
)
from .history import LEDGER as LEDGER, Record as Record
from .host import (
    Host as Host,
    HostKind as HostKind,
    NotePages as NotePages,
    configured_host as configured_host,
    current_host as current_host,
    new_file_page as new_file_page,
)
from .in_force import (
    Period as Period,
    announced_projects as announced_projects,
    in_force_project as in_force_project,
    periods as periods,
    standing as standing,
)
from .journal import locked as locked
from .ledger.descriptions import describe_entry as describe_entry, describe_import as describe_import
from .ledger.file import read_ledger as read_ledger
from .ledger.invariants import check_invariants as check_invariants
from .notes.changed_meaning import Evidence as Evidence, evidence as evidence
from .notes.draft_text import NoteDraft as NoteDraft, note_markdown as note_markdown
from .notes.files import read_posted as read_posted
from .notes.new_note import (
    NoteRequest as NoteRequest,
    first_note_hint as first_note_hint,
    new_note_page as new_note_page,
    note_draft as note_draft,
    suggested_documents as suggested_documents,
    suggested_sets as suggested_sets,
    write_note as write_note,
)
from .notes.reader import (
    notes_schema as notes_schema,
    own_text_of as own_text_of,
    posted_note as posted_note,
    summary_tree as summary_tree,
    version_id as version_id,
)
from .notes.recognition import is_misplaced as is_misplaced
from .notes.schema import IMMEDIATELY as IMMEDIATELY, MOST_OF_TITLE as MOST_OF_TITLE
from .notes.titles import (
    cut_after_word as cut_after_word,
    short_title as short_title,
    title_from_changes as title_from_changes,
    title_of as title_of,
)
from .notice_period import NoticePeriod as NoticePeriod, awaited_in_words as awaited_in_words, sum_of as sum_of
from .pictures import (
    PictureHashes as PictureHashes,
    changed_between as changed_between,
    changed_pictures as changed_pictures,
    data_address as data_address,
    docs_hashes as docs_hashes,
    docs_pictures as docs_pictures,
    is_local as is_local,
    is_sealable as is_sealable,
    leaves_docs as leaves_docs,
    picture_hash as picture_hash,
    picture_path as picture_path,
    sealed_hashes as sealed_hashes,
    shown_pictures as shown_pictures,
    unsealed_pictures as unsealed_pictures,
)
from .posting.announced import continued as continued, first_announced as first_announced
from .posting.drafts import (
    PLACE as PLACE,
    Draft as Draft,
    clause_ids as clause_ids,
    comparable_document as comparable_document,
    read_tree_of as read_tree_of,
    sealed_document as sealed_document,
)
from .posting.imported import (
    ImportedText as ImportedText,
    check_importable as check_importable,
    import_texts as import_texts,
)
from .posting.parts import Waiting as Waiting
from .posting.plan import Plan as Plan, Posting as Posting
from .posting.posted_texts import (
    MovedClause as MovedClause,
    Original as Original,
    PostedTerm as PostedTerm,
    PostedTexts as PostedTexts,
    posted_texts as posted_texts,
    texts_of_folder as texts_of_folder,
)
from .posting.promised_notice import (
    FROM_DELIVERY as FROM_DELIVERY,
    awaited_notice as awaited_notice,
    continued_notice as continued_notice,
    days_to_object as days_to_object,
    delivered_notice as delivered_notice,
    delivered_post as delivered_post,
    last_day_to_object as last_day_to_object,
    notice_of_entry as notice_of_entry,
    notice_sums as notice_sums,
    objection_deadlines as objection_deadlines,
    objection_periods as objection_periods,
    promised_notice as promised_notice,
)
from .posting.rebase import Fix as Fix, Rebased as Rebased, rebase as rebase
from .posting.receipts import add_receipts as add_receipts
from .posting.relations import Difference as Difference, SetChange as SetChange
from .posting.releasing import (
    Check as Check,
    Released as Released,
    State as State,
    emergencies as emergencies,
    read_state as read_state,
    release as release,
    release_some as release_some,
    waiting_parts as waiting_parts,
)
from .posting.sealing import planned_record as planned_record, write as write
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
from .rules.announced import ANNOUNCED_TEXT as ANNOUNCED_TEXT
from .rules.dates import effective_fix as effective_fix
from .rules.grounds import unrecorded_grounds as unrecorded_grounds
from .rules.rule import RecordRule as RecordRule
from .sealed_files import (
    FOR_GIT as FOR_GIT,
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
from .source_schemas import schema_files as schema_files, site_schema_files as site_schema_files
from .trees import DEFINITION as DEFINITION, addressed as addressed, text_hash as text_hash
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
    SCHEMA_VERSION as SCHEMA_VERSION,
    acceptance_json as acceptance_json,
    change_json as change_json,
    fact_changes as fact_changes,
    manifest_json as manifest_json,
    published_json as published_json,
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
from .views.program_types import (
    ChangedClause as ChangedClause,
    DocumentHashes as DocumentHashes,
    HashesFile as HashesFile,
    ListedVersion as ListedVersion,
    RedlineChange as RedlineChange,
    RedlineFile as RedlineFile,
    Term as Term,
    TermReference as TermReference,
    TermsDocument as TermsDocument,
    TermsFile as TermsFile,
    VersionsFile as VersionsFile,
)
from .views.worded_changes import worded_tree as worded_tree
