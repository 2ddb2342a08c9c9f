from .archives import SiteArchive as SiteArchive, Workers as Workers, make_archives as make_archives
from .workers import Certificates as Certificates, cluster as cluster, local_workers as local_workers
