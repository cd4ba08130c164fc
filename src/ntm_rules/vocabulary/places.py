"""Places: communes, districts and provinces, on one of the two maps of the country."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import attrs

from ntm_rules.messages import fold
from ntm_rules.vocabulary.text import Text


class Level(enum.Enum):
    """An administrative level. A required value is a *threshold*, never a level."""

    VILLAGE = "village"
    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"

    def stands_above(self, other: Level) -> bool:
        """Whether places of *other* lie beneath those of this level, directly or not."""
        levels = list(Level)
        return levels.index(self) > levels.index(other)


@attrs.frozen
class Province:
    """A province or centrally run city on one map; `region` is one of the seven, or None on the later map."""

    id: str
    name: str
    kind: str
    region: str | None = None
    predecessors: tuple[str, ...] = ()

    @property
    def map(self) -> str:
        """The map it is on, e.g. ``vn-2008``."""
        return self.id.partition("/")[0]


#: What a commune-level place can be; a town until 30 June 2025, a special zone since.
PLACE_KINDS = ("commune", "town", "ward", "special_zone")

#: What a district-level place can be: huyện, thị xã, thành phố thuộc tỉnh, quận.
DISTRICT_KINDS = ("district", "district_town", "provincial_city", "urban_district")

#: The kinds of places beneath another, by level.
KINDS_OF_LEVEL = {
    Level.VILLAGE: ("village",),
    Level.COMMUNE: PLACE_KINDS,
    Level.DISTRICT: DISTRICT_KINDS,
}


def level_of_kind(kind: str) -> Level:
    """The level of the places of a kind."""
    return next(level for level, kinds in KINDS_OF_LEVEL.items() if kind in kinds)


#: What stands before the id of a title whose rules are outside the library: ``external/civilised_urban``.
EXTERNAL = "external/"

#: What names an attribute of the place where a fact could stand: ``unit.is_safe_zone``.
OF_PLACE = "unit."


@attrs.frozen
class Place:
    """
    The place that is judged.

    Attributes:
        province: Id of the province, e.g. ``vn-2008/province/19``; None if only the region is known.

        region: Id of the region whose thresholds apply, e.g. ``red_river_delta``.

        attributes: What is known of it, yes/no or of a list: ``("is_safe_zone", True)``, ``("ethnic_zone", "III")``.

        kind: One of the kinds of its level, e.g. ``town`` or ``district_town``, where it is stated.
    """

    level: Level
    name: str
    district: str | None = None
    province: str | None = None
    region: str | None = None
    attributes: tuple[tuple[str, bool | str], ...] = ()
    kind: str | None = None

    @property
    def counted_as(self) -> str:
        """The kind that it is counted as among the places beneath another, which is its own or else its level."""
        return self.kind or self.level.value

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """Level, kind, province, district and name, which tell it from every other place of its map."""
        name = "" if self.level is Level.PROVINCE else spelt(self.name)
        return self.level.value, self.counted_as, self.province or "", spelt(self.district or ""), name

    @property
    def map(self) -> str | None:
        """The map of its province, e.g. ``vn-2008``; None where that is not known."""
        return None if self.province is None else self.province.partition("/")[0]

    def attribute(self, name: str) -> bool | str | None:
        """What is known of ``region``, ``province``, ``map``, ``kind`` or another attribute; None where nothing is."""
        # What a district is counted as it is asked about too: a huyện, unless it says that it is a town or city.
        kind = self.counted_as if self.level is Level.DISTRICT else self.kind
        own = {"region": self.region, "province": self.province, "kind": kind, "map": self.map}
        return own[name] if name in own else dict(self.attributes).get(name)


# The five tone marks; other marks make another letter.
TONES = "\u0300\u0301\u0303\u0309\u0323"


def spelt(name: str) -> str:
    """
    A name as it is told from others: whatever the case, the blanks, and on which vowel of a syllable its tone is put.

    Example:
        >>> spelt("Hòa  Bình") == spelt("HOÀ BÌNH"), spelt("Yên Sơn") == spelt("Yên Sở")
        (True, False)
    """
    syllables = unicodedata.normalize("NFD", name).casefold().split()
    return " ".join(
        "".join(c for c in each if c not in TONES) + "".join(c for c in each if c in TONES) for each in syllables
    )


@attrs.frozen
class PlaceAttribute:
    """
    Something that can be said of a place.

    Attributes:
        values: The closed list of what it can be, e.g. ``I``, ``II``, ``III``; empty where it is yes or no.
    """

    id: str
    title: Text
    values: tuple[tuple[str, Text], ...] = ()


@attrs.frozen
class ExternalTitle:
    """
    A title whose rules are outside the library: only a decision or an attestation tells of it, it is never judged.

    Attributes:
        id: With its mark, e.g. ``external/civilised_urban``.

        levels: The levels of the places that can hold it; empty where that is not declared.
    """

    id: str
    title: Text
    levels: tuple[Level, ...] = ()


@attrs.frozen
class PlaceMap:
    """A map of the country, the days on which it holds, and the levels of government on it."""

    id: str
    first_day: date
    last_day: date | None = None
    levels: tuple[Level, ...] = tuple(Level)

    def holds_on(self, day: date) -> bool:
        """Whether this map is the country's on *day*."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


# "Tỉnh Thái Nguyên", "Thành phố Đà Nẵng", "TP. Đà Nẵng", "TP.Hồ Chí Minh", "T. Thái Nguyên"
_PREFIX = re.compile(r"^(?:(?:tinh|thanh pho|tp|t) |(?:tp|t)\. ?)")


def _bare(name: str) -> str:
    return _PREFIX.sub("", fold(name))


@attrs.frozen(cache_hash=True)
class PlaceRegister:
    """The maps, regions and provinces that the library knows."""

    regions: tuple[tuple[str, Text], ...] = ()
    maps: tuple[PlaceMap, ...] = ()
    provinces: tuple[Province, ...] = ()
    attributes: tuple[PlaceAttribute, ...] = ()
    external_titles: tuple[ExternalTitle, ...] = ()

    def attribute(self, id: str) -> PlaceAttribute | None:
        """The attribute of that id, or None."""
        return next((attribute for attribute in self.attributes if attribute.id == id), None)

    def external_title(self, id: str) -> ExternalTitle | None:
        """The title outside the library of that id, ``external/civilised_urban``, or None."""
        return next((title for title in self.external_titles if title.id == id), None)

    def region_title(self, region: str) -> Text | None:
        """The names of a region, or None if there is none of that id."""
        return dict(self.regions).get(region)

    def map_on(self, day: date) -> str | None:
        """The map of the country on *day*; None before the earliest."""
        return next((each.id for each in self.maps if each.holds_on(day)), None)

    def has_level(self, level: Level, day: date) -> bool:
        """Whether there were places of that level on *day*; also where no map is known of that day."""
        return all(level in each.levels for each in self.maps if each.holds_on(day))

    def named(self, name: str, map: str | None = None) -> Iterator[Province]:
        """Every province that *name* may mean, with or without *Tỉnh*, *Thành phố*, diacritics, or an id."""
        wanted = _bare(name)
        for province in self.provinces:
            if map in (None, province.map) and wanted in (_bare(province.name), fold(province.id)):
                yield province

    def province(self, id: str) -> Province | None:
        """The province with that id, or None."""
        return next((province for province in self.provinces if province.id == id), None)
