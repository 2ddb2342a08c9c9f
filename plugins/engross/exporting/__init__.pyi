from .akoma_ntoso import (
    AKOMA_SUFFIX as AKOMA_SUFFIX,
    Published as Published,
    VersionText as VersionText,
    akoma_ntoso as akoma_ntoso,
    version_as_akoma as version_as_akoma,
)
