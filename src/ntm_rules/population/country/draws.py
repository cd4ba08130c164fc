"""Draws: 64 bits for every place and column, from a hash, and whole numbers made of them."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

MILLE = 1000
MILLION = 1_000_000

# Of the 64 bits of a draw: where a number begins, and how many bits it has.
FAR = (44, 20)
WHETHER = (28, 16)
BESIDE = (12, 16)
WHICH = (0, 12)
#: What is above every number of `FAR`.
WHOLE = 1 << 20


@lru_cache(maxsize=256)
def _bits(value: int) -> pl.Expr:
    import polars as pl

    return pl.lit(value, dtype=pl.UInt64)


def draw(seed: int, name: str, counter: str) -> pl.Expr:
    """
    64 bits for every row: splitmix64 over a counter, whose products wrap, as those of unsigned columns do.

    Args:
        seed: The country's.

        name: What is drawn; another name begins elsewhere.

        counter: The column that tells rows apart.
    """
    import polars as pl

    key = int.from_bytes(hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest(), "big")
    x = pl.col(counter) * _bits(0x9E3779B97F4A7C15) + pl.lit(key, dtype=pl.UInt64)
    x = (x ^ (x // _bits(1 << 30))) * _bits(0xBF58476D1CE4E5B9)
    x = (x ^ (x // _bits(1 << 27))) * _bits(0x94D049BB133111EB)
    return x ^ (x // _bits(1 << 31))


def take(drawn: pl.Expr, place: tuple[int, int]) -> pl.Expr:
    """Some of the bits of a draw as a whole number."""
    import polars as pl

    at, width = place
    shifted = drawn // _bits(1 << at)
    return (shifted % _bits(1 << width)).cast(pl.Int64)


def happens(drawn: pl.Expr, place: tuple[int, int], share: float | pl.Expr) -> pl.Expr:
    """Whether something happens that does so with this share, or with one in permille by column."""
    import polars as pl

    if isinstance(share, float | int):
        return take(drawn, place) < int(share * (1 << place[1]) + 0.5)
    return take(drawn, place) * pl.lit(MILLE) < share * (1 << place[1])


def bell(drawn: pl.Expr) -> pl.Expr:
    """About normal around 0, in thousandths of a standard deviation: four numbers of 16 bits added up."""
    total = sum((take(drawn, (16 * at, 16)) for at in range(1, 4)), start=take(drawn, (0, 16)))
    return ((total - 131_070) * MILLE) // 37_837


def decimal(value: pl.Expr, decimals: int) -> pl.Expr:
    """A figure from its last decimal, exactly."""
    import polars as pl

    if not decimals:
        return value
    wide = pl.Decimal(18, decimals)
    return (value.cast(wide) * pl.lit(Decimal(1).scaleb(-decimals), dtype=wide)).cast(wide)


__all__ = [
    "BESIDE",
    "FAR",
    "MILLE",
    "MILLION",
    "WHETHER",
    "WHICH",
    "WHOLE",
    "bell",
    "decimal",
    "draw",
    "happens",
    "take",
]
