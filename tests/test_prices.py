"""What replies cost: the shipped prices, a person's own, and sizes of prompts."""

from datetime import date
from pathlib import Path

import pytest

from agents.models import ALIASES
from agents.prices import BadPricesError, load_prices
from agents.providers import EMBEDDED_MODEL
from sessions.errors import BadInputError
from sessions.events import Usage

EACH = Usage(input_tokens=1_000, output_tokens=1_000, cache_read_tokens=1_000, cache_write_tokens=1_000, turns=1)
"""A thousand tokens of each kind, with a small prompt."""


def own(place: Path, text: str) -> Path:
    path = place / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("alias", "usd"),
    [
        ("opus", 0.004 + 0.020 + 0.0002 + 0.005),
        ("sonnet", 0.002 + 0.010 + 0.0002 + 0.0025),
        ("haiku", 0.0001 + 0.0005 + 0.00001 + 0.000125),
        # Reads from the cache have no price of their own: they cost what input does.
        ("fable", 0.010 + 0.050 + 0.00025 + 0.0125),
    ],
)
def test_each_kind_of_token_has_its_price(alias: str, usd: float) -> None:
    price = load_prices().of(ALIASES[alias])
    assert price is not None and price.usd(EACH) == pytest.approx(usd)


def test_the_shipped_prices_say_when_they_were_read_and_cover_every_model() -> None:
    prices = load_prices()
    assert prices.read == date(2026, 11, 20)
    assert all(prices.of(model) for model in (*ALIASES.values(), EMBEDDED_MODEL))


@pytest.mark.parametrize("kind", ["input_tokens", "cache_read_tokens", "cache_write_tokens"])
def test_a_long_prompt_is_dearer_whatever_it_consists_of(kind: str) -> None:
    price = load_prices().of(ALIASES["haiku"])
    assert price is not None
    whole = Usage(output_tokens=1_000, **{kind: 100_000})
    longer = Usage(output_tokens=1_000, **{kind: 100_001})
    assert price.usd(longer) == pytest.approx(5 * price.usd(whole), rel=1e-4)


def test_output_does_not_make_a_prompt_long() -> None:
    price = load_prices().of(ALIASES["haiku"])
    assert price is not None and price.usd(Usage(output_tokens=128_000)) == pytest.approx(0.064)


def test_the_embedded_engine_is_known_to_be_free() -> None:
    assert load_prices().priced(EMBEDDED_MODEL, EACH).cost == 0


def test_a_dated_id_has_the_price_of_its_model() -> None:
    prices = load_prices()
    assert prices.of("claude-sonnet-5-5-20261101") == prices.of("claude-sonnet-5-5") is not None
    assert prices.of("claude-sonnet-5-5-2026") is None


def test_what_has_no_price_is_never_taken_for_nothing() -> None:
    prices = load_prices()
    sonnet, unknown = prices.priced("claude-sonnet-5-5", EACH), prices.priced("gpt-9", EACH)
    assert (sonnet.priced_turns, unknown.priced_turns) == (1, 0)
    assert unknown.usd == 0 and unknown.cost is None and (sonnet + unknown).cost is None
    assert sonnet.cost == pytest.approx(0.0147) and sonnet.tokens == EACH.tokens


def test_ones_own_prices_replace_model_by_model(tmp_path: Path) -> None:
    text = """
        [models.sonnet]
        input = 1
        output = 5
        [models."my/model"]
        input = 0
        output = 0
    """
    shipped, prices = load_prices(), load_prices(own(tmp_path, text))
    sonnet, mine = prices.of("claude-sonnet-5-5"), prices.of("my/model")
    assert sonnet is not None and sonnet.usd(EACH) == pytest.approx(0.008)
    assert mine is not None and mine.usd(EACH) == 0
    assert prices.of("claude-opus-5-5") == shipped.of("claude-opus-5-5")
    assert prices.read == shipped.read


def test_ones_own_prices_may_say_when_they_were_read(tmp_path: Path) -> None:
    assert load_prices(own(tmp_path, "read = 2027-02-03")).read == date(2027, 2, 3)


def test_a_file_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert load_prices(tmp_path / "prices.toml") == load_prices()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[models.x]\ninput = 1", "models.x.output: field required"),
        ('[models.x]\ninput = "1"\noutput = 1', "models.x.input: input should be a valid number"),
        ("[models.x]\ninput = -1\noutput = 1", "models.x.input: input should be greater than or equal to 0"),
        ("[models.x]\ninput = nan\noutput = 1", "models.x.input: input should be a finite number"),
        ("[models.x]\ninput = 1\noutput = 1\ncached = 1", "models.x.cached: extra inputs are not permitted"),
        ("[models.x]\ninput = 1\noutput = 1\n[models.x.long]\ninput = 1\noutput = 1", "models.x.long.above"),
        ("[model.x]\ninput = 1\noutput = 1", "model: extra inputs are not permitted"),
        ("[models.x\n", "at line 1"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(text: str, said: str, tmp_path: Path) -> None:
    path = own(tmp_path, text)
    with pytest.raises(BadPricesError) as refused:
        load_prices(path)
    sentence = str(refused.value)
    assert isinstance(refused.value, BadInputError)
    assert str(path) in sentence and said in sentence and sentence.endswith("; mend or remove the file.")
    assert "\n" not in sentence


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"\xff")
    for path, said in ((tmp_path, "is a directory"), (broken, "can't decode byte")):
        with pytest.raises(BadPricesError, match=said):
            load_prices(path)
