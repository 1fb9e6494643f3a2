"""Target systems: what importer.toml, a URL and the environment may say, and the sentences for what they may not."""

from __future__ import annotations

import pytest

from importer.errors import SettingsError
from importer.settings import Auth, Secret, TargetSystem, is_loopback, target_system

SECRET = "correct-horse-battery"
TABLE = """
[to.production]
host = "https://eu.api.capillarytech.com"
auth = "oauth"
client_key = { env = "CAP_KEY" }
client_secret = { file = "secret.txt" }
"""
ENVIRONMENT = {"CAP_KEY": "key"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "secret.txt").write_text(SECRET + "\n")
    return tmp_path


@pytest.fixture
def find(folder):
    """Writes importer.toml and asks for a target system of it."""

    def ask(toml=TABLE, to="production", environment=ENVIRONMENT):
        if toml is not None:
            (folder / "importer.toml").write_bytes(toml.encode() if isinstance(toml, str) else toml)
        return target_system(to, environment=environment, folder=folder)

    return ask


def test_a_named_target_system_has_its_secrets_from_environment_and_file(find):
    system = find()
    assert (system.name, system.host, system.auth) == ("production", "https://eu.api.capillarytech.com", Auth.OAUTH)
    assert (system.client_key.reveal(), system.client_secret.reveal()) == ("key", SECRET)
    assert (system.rate, system.rate_share, system.schedule, system.is_loopback) == (None, 1.0, None, False)


def test_a_secret_may_come_from_the_keyring(find, monkeypatch):
    import keyring

    monkeypatch.setattr(keyring, "get_password", lambda service, user: f"{service}+{user}")
    toml = TABLE.replace('{ file = "secret.txt" }', '{ keyring = "capillary/production" }')
    assert find(toml).client_secret.reveal() == "capillary+production"


def test_everything_else_of_a_table_is_read_too(find):
    more = """
rate = "100/min"
rate_share = "80%"
concurrency = 4
timeout = 12.5
schedule = { allow = "22:00-06:00", zone = "Asia/Kolkata" }
attribution = { X-CAP-API-ATTRIBUTION-ENTITY-TYPE = "STORE_CODE", X-CAP-API-ATTRIBUTION-ENTITY-CODE = "S1" }
"""
    system = find(TABLE + more)
    assert system.rate == pytest.approx(100 / 60)
    assert (system.rate_share, system.concurrency, system.timeout_s) == (0.8, 4, 12.5)
    assert str(system.schedule) == "22:00-06:00 Asia/Kolkata"
    assert system.attribution["X-CAP-API-ATTRIBUTION-ENTITY-CODE"] == "S1"


def test_basic_takes_the_tills_name_as_it_stands_and_its_password_by_reference(find):
    system = find(
        '[to.shop]\nhost="https://example.com"\nauth="basic"\ntill="till.1"\npassword={env="CAP_KEY"}', "shop"
    )
    assert (system.auth, system.till, system.password.reveal()) == (Auth.BASIC, "till.1", "key")


WRONG = [
    # (what stands in the file, what the sentence says)
    (TABLE.replace('{ file = "secret.txt" }', f'"{SECRET}"'), "client_secret is a literal"),
    (TABLE.replace('{ file = "secret.txt" }', f'["{SECRET}"]'), "client_secret is a literal"),
    (TABLE.replace('{ file = "secret.txt" }', f'{{ value = "{SECRET}" }}'), "unknown key 'client_secret.value'"),
    (TABLE.replace("secret.txt", "nowhere.txt"), "nowhere.txt cannot be read"),
    (TABLE.replace("CAP_KEY", "CAP_KEYS"), "environment has no CAP_KEYS"),
    (TABLE.replace('{ env = "CAP_KEY" }', "{}"), "not one of env, file and keyring"),
    (
        TABLE.replace('{ env = "CAP_KEY" }', '{ env = "CAP_KEY", file = "secret.txt" }'),
        "not one of env, file and keyring",
    ),
    (TABLE.replace('client_key = { env = "CAP_KEY" }', ""), "lacks client_key"),
    (TABLE.replace("https://", "http://"), "unencrypted"),
    (TABLE.replace("host", "hots"), "unknown key 'hots'"),
    (TABLE.replace('host = "https://eu.api.capillarytech.com"', ""), "lacks host"),
    (TABLE.replace("oauth", "oath"), "neither basic nor oauth"),
    (TABLE + "rates = 1", "unknown key 'rates'"),
    (TABLE + 'rate = "fast"', "'fast' is no rate"),
    (TABLE + 'rate = ""', "is no rate"),
    (TABLE + 'rate_share = "180%"', "is no share"),
    (TABLE + "concurrency = 0", "concurrency: Input should be greater"),
    (TABLE + "timeout = 0", "timeout: Input should be greater"),
    (TABLE + 'ca_file = "secret.txt"', "secret.txt holds no certificates"),
    (TABLE + 'ca_file = "nowhere.pem"', "nowhere.pem holds no certificates"),
    (TABLE + 'attribution = { Authorization = "x" }', "'Authorization' is no attribution header"),
    (TABLE + 'attribution = { USER-CONTEXT-ID = "a\\nb" }', "no header can carry"),
    (TABLE + 'schedule = { allow = "22-6", zone = "Asia/Kolkata" }', "no window of a day"),
    (TABLE + 'schedule = { allow = "22:00-06:00", zone = "Asia/Nowhere" }', "no time zone"),
    (TABLE + 'schedule = { alow = "22:00-06:00", zone = "Asia/Kolkata" }', "unknown key 'schedule.alow'"),
    (TABLE + '[from.x]\nhost = "y"', "unknown key 'from'"),
    (TABLE + '[to.emulator]\nhost = "https://example.com"', "hide the embedded emulator"),
    ('to = "production"', "tables only"),
    ("[to.production", "importer.toml"),
    (b"\xff\xfe", "importer.toml"),
]


@pytest.mark.parametrize(("toml", "says"), WRONG, ids=[says for _, says in WRONG])
def test_what_is_wrong_is_said_in_a_sentence_that_quotes_no_secret(find, toml, says):
    with pytest.raises(SettingsError) as caught:
        find(toml)
    assert says in str(caught.value)
    assert SECRET not in str(caught.value) + caught.value.advice
    assert caught.value.__cause__ is None, "a traceback would quote the original error, and with it the value"


def test_a_byte_order_mark_of_a_windows_editor_does_no_harm(find):
    assert find(b"\xef\xbb\xbf" + TABLE.encode()).name == "production"


def test_an_unknown_name_is_answered_with_the_nearest_and_with_all(find):
    with pytest.raises(SettingsError, match="did you mean 'production'") as caught:
        find(to="prodution")
    assert "names: production" in caught.value.advice
    with pytest.raises(SettingsError) as caught:
        target_system("x", environment={}, folder=None)
    assert "names: none" in caught.value.advice


def test_a_keyring_that_is_not_there_or_empty_is_said(find, monkeypatch):
    import keyring
    from keyring.errors import NoKeyringError

    toml = TABLE.replace('{ file = "secret.txt" }', '{ keyring = "capillary/production" }')
    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    with pytest.raises(SettingsError, match="nothing under 'capillary/production'"):
        find(toml)

    def refuse(*_):
        raise NoKeyringError

    monkeypatch.setattr(keyring, "get_password", refuse)
    with pytest.raises(SettingsError, match="no keyring can be asked"):
        find(toml)


BASIC = {"IMPORTER_TILL": "t", "IMPORTER_PASSWORD": SECRET}
OAUTH = {"IMPORTER_CLIENT_KEY": "k", "IMPORTER_CLIENT_SECRET": SECRET}


@pytest.mark.parametrize(("environment", "auth"), [(BASIC, Auth.BASIC), (OAUTH, Auth.OAUTH)])
def test_a_url_takes_its_credentials_from_the_environment(environment, auth):
    system = target_system("https://eu.api.capillarytech.com/", environment=environment)
    assert (system.host, system.auth) == ("https://eu.api.capillarytech.com", auth)
    assert SECRET not in repr(system)


URLS = [
    ("https://example.com", {}, "no credentials"),
    ("https://example.com", {"IMPORTER_TILL": "t"}, "no credentials"),  # half of a pair
    ("https://example.com", BASIC | OAUTH, "two kinds of credentials"),
    ("http://example.com", BASIC, "unencrypted"),
    ("http://127.0.0.1.example.com", BASIC, "unencrypted"),
    ("ftp://example.com", BASIC, "no address of a service"),
    ("https://", BASIC, "no address of a service"),
    ("https://example.com:99999", BASIC, "no address of a service"),
    ("https://[::1", BASIC, "no address of a service"),
    ("https://me:word@example.com", BASIC, "must not hold credentials"),
    ("https://example.com/v2/customers", BASIC, "more than a host"),
]


@pytest.mark.parametrize(("url", "environment", "says"), URLS)
def test_a_url_that_will_not_do_is_refused_with_the_reason(url, environment, says):
    with pytest.raises(SettingsError, match=says) as caught:
        target_system(url, environment=environment)
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://127.1.2.3", True),
        ("http://[::1]:80", True),
        ("http://localhost", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("http://0.0.0.0", False),
    ],
)
def test_only_this_machine_is_loopback(host, here):
    assert is_loopback(host) is here


def test_a_secret_never_prints():
    secret = Secret(SECRET)
    shown = [repr(secret), str(secret), f"{secret}", repr(TargetSystem("x", "y", password=secret))]
    assert not any(SECRET in text for text in shown)
    assert not Secret()
