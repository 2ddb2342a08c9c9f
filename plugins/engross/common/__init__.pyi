from .cache import (
    FOLDER as FOLDER,
    NO_CACHE as NO_CACHE,
    Cache as Cache,
    delete_cache as delete_cache,
    forget_erased as forget_erased,
    key_of as key_of,
    write_file as write_file,
)
from .clock import as_of as as_of, now as now, zone_rules as zone_rules
from .csp import page_sources as page_sources, policy_of_page as policy_of_page, secured as secured
from .errors import EngrossError as EngrossError, error as error
from .files import (
    MOST as MOST,
    NOT_REGULAR as NOT_REGULAR,
    TOO_LARGE as TOO_LARGE,
    is_of_machine as is_of_machine,
    mode_of_files as mode_of_files,
    new_folder as new_folder,
    note_failure as note_failure,
    noted_failures as noted_failures,
    read_file as read_file,
)
from .garbage_collection import (
    collect as collect,
    exclude_all as exclude_all,
    long_lived as long_lived,
    without_collection as without_collection,
)
from .markdown import (
    code_block as code_block,
    code_span as code_span,
    escape_markdown as escape_markdown,
    link_markdown as link_markdown,
    marked_markdown as marked_markdown,
)
from .message_format import (
    CONTROLS as CONTROLS,
    ESCAPED_HIDDEN as ESCAPED_HIDDEN,
    HIDDEN as HIDDEN,
    INVISIBLE as INVISIBLE,
    ISOLATES as ISOLATES,
    NEVER as NEVER,
    NOT_XML as NOT_XML,
    code_point as code_point,
    escaped as escaped,
    join as join,
    meant as meant,
    nearest as nearest,
    one_line as one_line,
    quoted as quoted,
    revealed as revealed,
    shortened as shortened,
    shown as shown,
    visible as visible,
    visible_json as visible_json,
)
from .packed_cache import site_cache as site_cache
from .processes import (
    fill as fill,
    processes_for as processes_for,
    spread as spread,
    wanted_processes as wanted_processes,
)
from .progress import (
    Steps as Steps,
    begin_steps as begin_steps,
    show_progress as show_progress,
    steps as steps,
    tracked as tracked,
)
from .shared_cache import (
    OTHER_CODE as OTHER_CODE,
    get_file as get_file,
    put_file as put_file,
    shared_cache as shared_cache,
)
from .values import lazy_value as lazy_value, value_class as value_class
from .zip_file import zip_files as zip_files
