"""Key files: JKS, JCEKS, PKCS#12, PKCS#8 and the old container of IIT."""

from .key_file import KeyEntry, KeyFile, open_key_file, open_store
from .writers import write_all_jks, write_all_pkcs12, write_jks, write_pkcs8, write_pkcs12

__all__ = [
    "KeyEntry",
    "KeyFile",
    "open_key_file",
    "open_store",
    "write_all_jks",
    "write_all_pkcs12",
    "write_jks",
    "write_pkcs8",
    "write_pkcs12",
]
