from .licence_facts import with_facts as with_facts
from .live_site import (
    LIVE_RECORD as LIVE_RECORD,
    Expected as Expected,
    Probed as Probed,
    probe_site as probe_site,
)
from .watch import (
    NEW as NEW,
    PRIVATE as PRIVATE,
    Entry as Entry,
    KeptTexts as KeptTexts,
    State as State,
    Watched as Watched,
    Watcher as Watcher,
    watched_json as watched_json,
)
