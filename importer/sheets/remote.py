"""Fetches a sheet from a distant address (`sftp://`, `s3://`, `gs://` …) through fsspec, an optional extra.

Secrets do not stand in addresses: an address is journalled and shown. They come from the backend's own places
(keys of the SSH agent, AWS profile …) or from fsspec's variables, such as FSSPEC_SFTP_USERNAME and
FSSPEC_SFTP_PASSWORD.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from importer.errors import SheetError
from importer.sheets.spool import blocks_of, spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import ExitStack

TIMEOUT_S = 30.0  # to connect


def is_address(path: str) -> bool:
    """Whether this is an address rather than the path of a local file."""
    return "://" in path


def fetch(address: str, cleanup: ExitStack, limit: int | None) -> Path:
    """The file at an address, as a local temporary file of the same name.

    Raises:
        SheetError: it cannot be fetched; the message never holds a secret.
    """
    parts = urlsplit(address)
    if parts.password is not None:
        raise SheetError(
            f"The address {parts.scheme}://{parts.hostname}{parts.path} holds a password.",
            advice=f"Take it out, and set FSSPEC_{parts.scheme.upper()}_PASSWORD in the environment instead.",
        )
    name = PurePosixPath(parts.path).name
    if not name:
        raise SheetError(f"{address} names no file.", advice="End the address with the file's name.")
    with _told(address), _opened(address, parts.scheme) as stream:
        return spool(blocks_of(stream), name, cleanup, limit=limit, what=address)


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Whatever a backend raises, as a sentence."""
    try:
        yield
    except SheetError:
        raise
    except FileNotFoundError:
        raise SheetError(f"{address}: there is no such file.", advice="Look at the address.") from None
    except Exception as error:  # every backend raises exceptions of its own
        reason = " ".join(str(error).split()) or type(error).__name__
        raise SheetError(
            f"{address} cannot be fetched: {reason}.",
            advice="Try it with the backend's own tool, or fetch the file first.",
        ) from error


@contextmanager
def _opened(address: str, scheme: str) -> Iterator[BinaryIO]:
    try:
        import fsspec  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise SheetError(
            f"{address} is a distant address, which needs a further package.",
            advice="pip install 'importer[remote]', or fetch the file first.",
        ) from None
    if scheme in ("sftp", "ssh"):
        _verify_hosts()
    with fsspec.open(address, "rb") as stream:
        yield stream


def _verify_hosts() -> None:
    """Make fsspec's SFTP know hosts by `~/.ssh/known_hosts` and refuse others; left alone it trusts any."""
    import fsspec  # noqa: PLC0415 - an optional extra
    import paramiko  # noqa: PLC0415 - as above
    from fsspec.implementations.sftp import SFTPFileSystem  # noqa: PLC0415 - as above

    class VerifyingSFTP(SFTPFileSystem):  # type: ignore[misc]  # fsspec is untyped
        """SFTP that connects to known hosts alone."""

        cachable = False

        def _connect(self) -> None:
            self.client: Any = paramiko.SSHClient()
            self.client.load_system_host_keys()
            self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
            self.client.connect(self.host, **{"timeout": TIMEOUT_S, **self.ssh_kwargs})
            self.ftp = self.client.open_sftp()

    for protocol in ("sftp", "ssh"):
        fsspec.register_implementation(protocol, VerifyingSFTP, clobber=True)
