from .business_days import is_off as is_off
from .catalogue import (
    Catalogue as Catalogue,
    catalogue_json as catalogue_json,
    catalogue_schema as catalogue_schema,
    catalogue_tree as catalogue_tree,
    check_catalogue as check_catalogue,
    model_facts as model_facts,
    models_dev_json as models_dev_json,
    models_schema as models_schema,
    read_catalogue as read_catalogue,
    stage as stage,
)
from .checklists import (
    Checklist as Checklist,
    ChecklistItem as ChecklistItem,
    checklist_names as checklist_names,
    read_checklist as read_checklist,
)
from .column_types import formula_sign as formula_sign
from .docs_files import shown_path as shown_path
from .eula import (
    COPIES as COPIES,
    MOST_OF_COPY as MOST_OF_COPY,
    Eula as Eula,
    copy_path as copy_path,
    missing_quotes as missing_quotes,
)
from .fields import (
    FORBID as FORBID,
    YAML as YAML,
    Days as Days,
    Id as Id,
    Sha256 as Sha256,
    Text as Text,
    derived_address as derived_address,
    json_schema as json_schema,
    written_schema as written_schema,
)
from .folders import (
    EXCLUDING as EXCLUDING,
    GUARD as GUARD,
    Folders as Folders,
    config_files as config_files,
    excluding as excluding,
    find_folders as find_folders,
)
from .models import (
    FACTS as FACTS,
    WORDS as WORDS,
    Fact as Fact,
    Model as Model,
    Stage as Stage,
    label as label,
    labelled as labelled,
)
from .page_types import PageType as PageType
from .project import (
    VERBATIM_ANCHOR as VERBATIM_ANCHOR,
    Project as Project,
    read_project as read_project,
    verbatim_document as verbatim_document,
)
from .registers import (
    LAST_DAY_TO_OBJECT as LAST_DAY_TO_OBJECT,
    NO_DEADLINES as NO_DEADLINES,
    Register as Register,
    Row as Row,
    column_label as column_label,
    is_informational as is_informational,
    labelled_rows as labelled_rows,
    read_register as read_register,
    register_json as register_json,
    register_of as register_of,
    register_output_schema as register_output_schema,
    register_source_schema as register_source_schema,
    register_tree as register_tree,
    rows_tree as rows_tree,
    shown_rows as shown_rows,
    value_changes as value_changes,
)
from .settings import (
    Allowed as Allowed,
    Settings as Settings,
    documents_schema as documents_schema,
    read_settings as read_settings,
)
from .shown_values import shown_day as shown_day, shown_month as shown_month, shown_text as shown_text
from .translations import (
    clause_named as clause_named,
    governing_of as governing_of,
    languages_of as languages_of,
    same_clauses as same_clauses,
)
from .ui_text import (
    OWN_WORDS as OWN_WORDS,
    Words as Words,
    document_strings as document_strings,
    own_words as own_words,
    read_own as read_own,
    row_strings as row_strings,
    shipped_hash as shipped_hash,
    shipped_templates as shipped_templates,
    ui_strings as ui_strings,
    words_schema as words_schema,
)
from .yaml import KeyPath as KeyPath, Reading as Reading, YamlFile as YamlFile, read as read, require as require
from .yaml_errors import mistake as mistake
from .yaml_nodes import (
    MappingNode as MappingNode,
    Node as Node,
    ScalarNode as ScalarNode,
    SequenceNode as SequenceNode,
    compose as compose,
)
from .yaml_scalars import Unclear as Unclear
