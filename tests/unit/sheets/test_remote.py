"""Distant sheets are fetched from hosts that are known, without a secret in any message."""

from __future__ import annotations

import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

import fsspec.config
import paramiko
import pytest

from importer.errors import SheetError
from importer.sheets import open_sheet

if TYPE_CHECKING:
    from pathlib import Path

USER, PASSWORD = "loader", "kept-elsewhere"


class Gate(paramiko.ServerInterface):
    """Lets one user in."""

    def check_auth_password(self, username, password):
        return paramiko.AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):  # noqa: ARG002 - paramiko's signature
        return paramiko.OPEN_SUCCEEDED


class Folder(paramiko.SFTPServerInterface):
    """Serves the files of one folder."""

    root: Path

    def _local(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def stat(self, path):
        try:
            return paramiko.SFTPAttributes.from_stat(self._local(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path, flags, attr):  # noqa: ARG002 - paramiko's signature
        try:
            stream = self._local(path).open("rb")
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = stream
        handle.stat = lambda: paramiko.SFTPAttributes.from_stat(os.fstat(stream.fileno()))
        return handle


@pytest.fixture
def sftp(tmp_path: Path, monkeypatch):
    """An SFTP server on loopback that serves `tmp_path`; its key stands in the user's known_hosts."""
    key = paramiko.ECDSAKey.generate()
    folder = type("Served", (Folder,), {"root": tmp_path})
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    transports, closing = [], threading.Event()

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            if closing.is_set():
                connection.close()
                return
            transport = paramiko.Transport(connection)
            transports.append(transport)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, folder)
            try:
                transport.start_server(server=Gate())
            except (paramiko.SSHException, EOFError):
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    known = home / ".ssh" / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    monkeypatch.setitem(fsspec.config.conf, "sftp", {"username": USER, "password": PASSWORD})
    yield f"sftp://127.0.0.1:{port}", known
    closing.set()
    socket.create_connection(listener.getsockname()).close()  # wakes the thread
    thread.join(5)
    listener.close()
    for transport in transports:
        transport.close()


def test_a_sheet_is_fetched_by_sftp(sftp, write):
    address, _ = sftp
    write("Code,Name\n01,José\n", "customers.csv")
    with open_sheet(f"{address}/customers.csv") as sheet:
        (chunk,) = sheet.chunks()
        assert chunk.cells.loc[2].tolist() == ["01", "José"]
        assert sheet.label == "customers.csv"
        assert sheet.path == f"{address}/customers.csv"


def test_a_distant_file_that_is_not_there_is_told(sftp):
    address, _ = sftp
    with pytest.raises(SheetError, match="no such file"):
        open_sheet(f"{address}/nothing.csv")


def test_a_host_that_is_not_known_is_refused(sftp, write):
    address, known = sftp
    write("Code,Name\n01,José\n", "customers.csv")
    known.write_text("")
    with pytest.raises(SheetError, match="cannot be fetched") as refusal:
        open_sheet(f"{address}/customers.csv")
    assert "known_hosts" in refusal.value.message
    assert PASSWORD not in refusal.value.message


def test_a_wrong_password_is_told_without_it(sftp, monkeypatch):
    address, _ = sftp
    monkeypatch.setitem(fsspec.config.conf, "sftp", {"username": USER, "password": "wrong-one"})
    with pytest.raises(SheetError, match="cannot be fetched") as refusal:
        open_sheet(f"{address}/customers.csv")
    assert "wrong-one" not in refusal.value.message


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(SheetError, match="holds a password") as refusal:
        open_sheet("sftp://loader:secret@example.com/customers.csv")
    assert "secret" not in refusal.value.message + refusal.value.advice
    assert "FSSPEC_SFTP_PASSWORD" in refusal.value.advice


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nothing://example.com/customers.csv", "cannot be fetched"),  # no such protocol
        ("sftp://127.0.0.1/", "names no file"),
        ("sftp://127.0.0.1:1/customers.csv", "cannot be fetched"),  # nobody listens
    ],
)
def test_what_cannot_be_fetched_is_a_sentence(address, says):
    with pytest.raises(SheetError, match=says):
        open_sheet(address)


def test_without_the_package_for_distant_files_the_way_out_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(SheetError, match="further package") as refusal:
        open_sheet("sftp://example.com/customers.csv")
    assert "importer[remote]" in refusal.value.advice
