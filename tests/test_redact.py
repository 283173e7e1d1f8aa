"""Secrets are blotted out, and nothing else; offsets and lines stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.redact import BLOT, environment_secrets, redact

BASE64 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"

SECRETS = {
    "Anthropic": "sk-ant-api03-" + "aB3_-" * 12,
    "OpenAI": "sk-" + "a1B2c3D4" * 6,
    "OpenAI project": "sk-proj-" + "a1B2_c3-D4" * 6,
    "Stripe": "sk_live_" + "a1B2" * 6,
    "AWS id": "AKIAIOSFODNN7EXAMPLE",
    "AWS session id": "ASIAIOSFODNN7EXAMPLE",
    "GitHub": "ghp_" + "a1B2" * 9,
    "GitHub server": "ghs_" + "a1B2" * 9,
    "GitHub fine": "github_pat_" + "11ABCDEFG0" + "_aZ9" * 14,
    "Google": "AIza" + "SyA1_-b" * 5,
    "Slack": "xoxb-123456789012-abcdefABCDEF",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("frame", ["{}", "key={} here", "“{}”", "a\n{}\nb", "({}).", 'api_key: "{}",'])
def test_each_known_secret_is_blotted_wherever_it_stands(secret: str, frame: str) -> None:
    before, after = frame.split("{}")
    assert redact(frame.format(secret)) == before + BLOT * len(secret) + after


@pytest.mark.parametrize(
    "text",
    [
        'aws_secret_access_key = "{}"',
        "AWS_SECRET_ACCESS_KEY={}",
        '"SecretAccessKey": "{}"',
        "secretAccessKey: '{}'",
    ],
)
def test_an_amazon_secret_is_known_by_its_name(text: str) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    assert redact(text.format(secret)) == text.format(BLOT * 40)
    assert redact(f"sha1 of it: {secret}") == f"sha1 of it: {secret}"


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "])
def test_a_private_key_loses_its_body_and_keeps_its_lines(kind: str) -> None:
    key = f"-----BEGIN {kind}PRIVATE KEY-----\n{BASE64}\n{BASE64[:20]}==\n-----END {kind}PRIVATE KEY-----\n"
    blotted = redact(f"See:\n{key}\nThat was it.")
    assert BASE64[:20] not in blotted
    assert [len(line) for line in blotted.split("\n")] == [
        len(line) for line in f"See:\n{key}\nThat was it.".split("\n")
    ]
    assert blotted.startswith(f"See:\n-----BEGIN {kind}PRIVATE KEY-----\n{BLOT * 64}\n")
    assert blotted.endswith(f"-----END {kind}PRIVATE KEY-----\n\nThat was it.")


def test_a_private_key_that_was_cut_off_is_blotted_too() -> None:
    cut = f"-----BEGIN PRIVATE KEY-----\n{BASE64}\n{BASE64}\nand then words"
    assert redact(cut) == f"-----BEGIN PRIVATE KEY-----\n{BLOT * 64}\n{BLOT * 64}\nand then words"
    in_json = f'"-----BEGIN PRIVATE KEY-----\\n{BASE64}\\n'
    assert BASE64 not in redact(in_json)


@pytest.mark.parametrize(
    "text",
    [
        "A task-oriented disk-based risk-averse approach; ask-me-anything-about-scikit-learn-and-more-of-it.",
        "The class sk-estimator-container holds it; sk-learn-to-read-with-a-friend is a slug.",
        "Between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- stands the key.",
        "The file begins with -----BEGIN CERTIFICATE-----\n" + BASE64,
        "commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad, eyJ is how a token begins, AKIA is a prefix",
        "ghp_short xoxb-no AIzaNo sk-ant-",
    ],
)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert redact(text) == text


def test_the_secrets_of_the_environment_are_blotted_by_their_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SERVICE_TOKEN", "correct horse battery")
    monkeypatch.setenv("DB_PASSWORD", "correct horse battery staple")
    monkeypatch.setenv("SHORT_KEY", "elevenchars")
    monkeypatch.setenv("TOKENIZER", "not a secret at all")
    monkeypatch.setenv("LINES_SECRET", "first line of it\nsecond line\n")
    values = environment_secrets()
    assert values.index("correct horse battery staple") < values.index("correct horse battery")
    assert redact("a correct horse battery staple b") == f"a {BLOT * 28} b"
    assert redact("a correct horse battery b") == f"a {BLOT * 21} b"
    assert redact("elevenchars, not a secret at all") == "elevenchars, not a secret at all"
    assert redact("<first line of it\nsecond line>") == f"<{BLOT * 16}\n{BLOT * 11}>"


@given(
    st.lists(
        st.one_of(
            st.text(),
            st.sampled_from([*SECRETS.values(), "sk-", "eyJ", "-----BEGIN PRIVATE KEY-----", "-----END ", BASE64]),
        )
    ).map("".join)
)
def test_length_and_lines_stay_whatever_the_text(text: str) -> None:
    blotted = redact(text)
    assert len(blotted) == len(text)
    assert [at for at, character in enumerate(blotted) if character == "\n"] == [
        at for at, character in enumerate(text) if character == "\n"
    ]


@pytest.mark.parametrize(
    "piece",
    [
        "sk-",
        "eyJ",
        "eyJaaaaaaaa.",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA ",
        "secretAccessKey: ",
        "xoxb",
        " ",
    ],
)
def test_hostile_repeats_take_linear_time(piece: str) -> None:
    """Two million characters: what took quadratic time would not come back while anybody waits for a test."""
    text = piece * (2_000_000 // len(piece))
    assert len(redact(text)) == len(text)
