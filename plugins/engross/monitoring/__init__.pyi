from .live_site import (
    LIVE_RECORD as LIVE_RECORD,
    Expected as Expected,
    Probed as Probed,
    probe_site as probe_site,
)
