from __future__ import annotations

import hashlib
from decimal import Decimal
from itertools import chain
from pathlib import Path

import attrs
import polars as pl
import pytest
import yaml

import ntm_rules as ntm
from ntm_rules.language.table import ATTESTED, read_table
from ntm_rules.population import country
from ntm_rules.population.country import Country
from ntm_rules.population.country.asked import rows
from ntm_rules.population.country.figures import Figures
from ntm_rules.population.country.layout import apportion, data
from ntm_rules.population.country.standing import HOUSEHOLDS, NEAR_POOR, POOR, Standing
from ntm_rules.rulebook import set_names, shelf

ROOT = Path(__file__).parents[2]
SET = "commune/standard/2021-2025"
MET, NOT_MET, OPEN = (verdict.value for verdict in (ntm.Verdict.MET, ntm.Verdict.NOT_MET, ntm.Verdict.UNDETERMINED))
REGIONS = tuple(data()["regions"])
WHOLE = {"missing": 0.0, "attested": 0.0, "departments": 0.0}


@pytest.fixture(scope="module")
def table():
    """The country as it is unless something else is asked for."""
    return country.generate()


@pytest.fixture(scope="module")
def assessments(table):
    """Some three hundred of its places judged, as many of each region."""
    some = pl.concat(table.filter(region=region).gather_every(17).head(44) for region in REGIONS)
    rules = ntm.load(SET, on="2022-12-31")
    judged = [(dossier.place.region, ntm.evaluate(rules, dossier)) for dossier in country.dossiers(some)]
    return {region: [found for where, found in judged if where == region] for region in REGIONS}


def figures_of(table):
    """The columns that hold facts."""
    known = shelf().catalogue
    return [name for name in table.columns if name.partition("__")[0] in known]


# --- the same again -------------------------------------------------------------------------------------------------


def test_a_seed_is_a_country():
    """The same seed gives the same rows, another seed other rows for the same places."""
    first, again, other = (country.generate(places=100, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
    assert first["name"].equals(other["name"])


def test_drawing_leaves_no_grades_behind(table):
    """What a country was drawn from is judged as an equal set is that nothing was drawn from, to the last grade."""
    assert len(table)
    rules = ntm.load(SET, on="2022-12-31")
    for dossier in country.dossiers(table.gather_every(400)):
        assert ntm.evaluate(rules, dossier).to_dict() == ntm.evaluate(attrs.evolve(rules), dossier).to_dict()


def test_it_is_drawn_piece_by_piece():
    """However many rows are drawn at a time, lazily or not, they are the same."""
    wanted = Country(places=70)
    whole = country.generate(places=70)
    assert pl.concat(country.frames(wanted, 40)).equals(whole)
    drawn = country.scan(wanted, 40)
    assert drawn.head(30).collect().equals(whole.head(30))
    wards = drawn.filter(pl.col("kind") == "ward").select("name", "kind").collect()
    assert wards.equals(whole.filter(kind="ward").select("name", "kind"))
    assert not wards.is_empty()


def test_it_is_the_same_on_every_machine():
    """The bytes of a small country are those that were written when it was made."""
    written = country.generate(places=200, seed=7).write_csv()
    assert hashlib.sha256(written.encode()).hexdigest()[:16] == "c63810583f9fc1ee"


# --- how many -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("map", "year", "total"), [("vn-2008", 2022, 10_599), ("vn-2025", 2025, 3_321)])
def test_every_province_has_its_places(map, year, total):
    """Each province has as many places of each kind as it really has."""
    blocks = Country(map=map, year=year).blocks
    assert sum(block.count for block in blocks) == total
    kinds = data()["places"][map]["kinds"]
    for province in (each for each in ntm.places().provinces if each.map == map):
        there = data()["places"][map][province.id.rpartition("/")[2]]
        own = {
            kind: sum(block.count for block in blocks if (block.province, block.kind) == (province.name, kind))
            for kind in kinds
        }
        assert own == dict(zip(kinds, there[: len(kinds)], strict=True))


def test_the_counts_are_those_of_the_sources():
    """The counts since 2025 are those of the sources, and those of 2021 add up to the published sums."""
    sources = yaml.safe_load((ROOT / "sources" / "places.yaml").read_text(encoding="utf-8"))
    later = data()["places"]["vn-2025"]
    for each in sources["provinces"]:
        map, _, code = each["id"].split("/")
        if map == "vn-2025":
            assert later[code] == [each["communes"], each["wards"], each["special_zones"], 0]
    earlier = [row for code, row in data()["places"]["vn-2008"].items() if code != "kinds"]
    assert [sum(column) for column in zip(*earlier, strict=True)] == [8_248, 614, 1_737, 705]


def test_a_country_scaled_up_keeps_its_shares():
    """A million places are shared as those that there are, to one place; a handful too."""
    real = {(block.province, block.kind): block.count for block in Country().blocks}
    scaled = Country(places=1_000_000)
    assert len(scaled) == 1_000_000
    for block in scaled.blocks:
        assert abs(block.count - real[block.province, block.kind] * 1_000_000 / 10_599) < 1
    assert country.generate(places=1)["kind"].to_list() == ["commune"]


def test_what_is_left_over_goes_to_the_largest_remainders():
    """Parts are whole and add up, also where there is nothing to share by."""
    assert apportion([1, 1, 1], 2) == [1, 1, 0]
    assert apportion([5, 3, 2], 10) == [5, 3, 2]
    assert apportion([0, 0], 4) == [0, 0]


# --- what a row says ------------------------------------------------------------------------------------------------


def test_every_row_says_that_it_is_synthetic(table, assessments):
    """Status, name, district and note of every row say so, and so does every assessment of one."""
    assert table["status"].unique().to_list() == ["synthetic"]
    for column in ("name", "district"):
        assert table[column].str.ends_with(" (tổng hợp)").all()
    assert table["note"].unique().to_list() == ["dữ liệu tổng hợp / synthetic, seed 2022"]
    assert table["name"].n_unique() == len(table)
    for found in chain.from_iterable(assessments.values()):
        assert ntm.FindingCode.SYNTHETIC in {each.code for each in found.findings}


def test_figures_are_exact(table):
    """No column holds floats: figures are whole numbers and decimals, statements yes or no, steps their ids."""
    kinds = {"number": (pl.Int64, pl.Decimal), "yes_no": (pl.Boolean,), "ordinal": (pl.String,)}
    for name in figures_of(table):
        assert isinstance(table.schema[name], kinds[shelf().catalogue[name.partition("__")[0]].kind.value]), name
    steps = {each.id for each in ntm.facts()["literacy_level"].scale.steps}
    assert set(table["literacy_level"].drop_nulls()) <= steps
    assert table["income_per_person"].dtype == pl.Decimal(18, 1)
    assert table["household_count"].dtype == pl.Int64


def test_every_row_is_a_dossier(table, tmp_path):
    """The table as a CSV file is read without a problem, and gives the dossiers that the rows are."""
    some = table.gather_every(130)
    some.write_csv(tmp_path / "country.csv")
    read = [row.outcome for row in read_table(tmp_path / "country.csv", shelf())]
    assert not [each for each in read if isinstance(each, ntm.DossierError)]
    assert read == list(country.dossiers(some))
    assert {each.place.region for each in read} == set(REGIONS)
    assert {each.place.kind for each in read} == {"commune", "town", "ward"}


def test_a_row_that_is_no_dossier_is_told():
    """What is wrong with a row is raised with its place."""
    with pytest.raises(ntm.DossierError, match="NTM406"):
        list(country.dossiers(country.generate(places=2).with_columns(school_count=pl.lit(-1))))


@pytest.mark.parametrize("name", [name for name in set_names() if name.startswith("commune/")])
def test_every_set_for_communes_can_be_drawn(name):
    """Whatever set for communes it is drawn around, on the map of its time, its rows are dossiers that are judged."""
    period = int(name[-4:])
    map, year = ("vn-2025", 2026) if period > 2025 else ("vn-2008", min(period, 2024))
    some = country.generate(map=map, year=year, set=name, places=7)
    rules = ntm.load(name, on=f"{year}-12-31")
    for dossier in country.dossiers(some):
        assert ntm.evaluate(rules, dossier).verdict.value in (MET, NOT_MET, OPEN)


def test_one_kind_of_place_has_no_district():
    """Since 2025 there are no districts; a special zone is on the coast."""
    later = country.generate(map="vn-2025")
    assert later["year"].unique().to_list() == [2025]
    assert later["district"].null_count() == len(later)
    zones = later.filter(kind="special_zone")["is_coastal_or_island_especially_difficult"]
    assert len(zones) == 13
    assert zones.drop_nulls().all()


# --- what fits together ---------------------------------------------------------------------------------------------


def test_parts_are_within_their_wholes():
    """Piped water is no more than clean water, certified labour no more than trained, a whole between its parts."""
    whole = country.generate(places=2_000, **WHOLE)
    for part, of in data()["within"]["pairs"]:
        for end in ("", "__men", "__women"):
            if part + end in whole.columns and of + end in whole.columns:
                assert (whole[part + end] <= whole[of + end]).all(), part
    for fact in ("trained_workforce_share", "certified_workforce_share", "health_insurance_share"):
        men, women = whole[fact + "__men"], whole[fact + "__women"]
        assert whole.select((pl.min_horizontal(men, women) <= pl.col(fact)).all()).item()
        assert whole.select((pl.max_horizontal(men, women) >= pl.col(fact)).all()).item()
        assert not men.equals(women)


def test_a_whole_that_fails_cuts_its_part():
    """In the set of 2016-2020 too, where both the hygienic and the clean water have thresholds."""
    whole = country.generate(places=2_000, set="commune/standard/2016-2020", year=2020, **WHOLE)
    assert (whole["clean_water_share"] <= whole["hygienic_water_share"]).all()
    assert (whole["clean_water_share"] == whole["hygienic_water_share"]).any()


@pytest.mark.parametrize(
    ("name", "year", "rate", "counted"),
    [
        (SET, 2022, "multidimensional_poverty_rate_2022", (POOR, NEAR_POOR)),
        ("commune/standard/2016-2020", 2020, "multidimensional_poverty_rate", (POOR,)),
    ],
)
def test_rates_agree_with_counts(name, year, rate, counted):
    """The rate of poverty is that of the households counted, to its last decimal; and poor households are not all."""
    whole = country.generate(places=2_000, set=name, year=year, **WHOLE)
    poor = sum((whole[each] for each in counted[1:]), start=whole[counted[0]])
    assert (poor < whole[HOUSEHOLDS]).all()
    for given, some, of in zip(whole[rate], poor, whole[HOUSEHOLDS], strict=True):
        assert abs(given * of - some * 100) <= Decimal("0.005") * of


def test_attributes_fit_together(table):
    """A commune of zone III is especially difficult; a poor district did not leave poverty; mountains lead."""
    difficult = table.filter(ethnic_zone="III")["is_especially_difficult"].drop_nulls()
    assert difficult.all()
    assert not (table["is_in_poor_district"] & table["is_in_district_that_left_poverty_2018_2020"]).any()
    assert table.filter(ethnic_zone="III")["region"].mode().to_list() == ["northern_midlands_and_mountains"]
    assert set(table["ethnic_zone"].drop_nulls()) == {"none", "I", "II", "III"}
    poor = table.drop_nulls("is_in_poor_district").group_by("district").agg(pl.col("is_in_poor_district").n_unique())
    assert poor["is_in_poor_district"].unique().to_list() == [1]


# --- anchors --------------------------------------------------------------------------------------------------------


def test_poverty_is_the_published_one(table):
    """Weighted by households, each region's rate is the published one to 0.02 points, and near it in the country."""
    told = table.drop_nulls([POOR, NEAR_POOR, HOUSEHOLDS])
    rates = told.group_by("region").agg((pl.col(POOR) + pl.col(NEAR_POOR)).sum() * 10_000 / pl.col(HOUSEHOLDS).sum())
    for region, rate in rates.iter_rows():
        assert abs(rate - data()["regions"][region]["poverty"]) <= 2, region
    national = (told[POOR].sum() + told[NEAR_POOR].sum()) * 100 / told[HOUSEHOLDS].sum()
    assert national == pytest.approx(7.45, abs=0.1)


def test_progress_is_the_published_one():
    """The published share of communes fails nothing of what has a figure: the others surely do, and are not met."""
    wanted = Country(places=1_500, **WHOLE)
    standing = Standing(wanted)
    stands = standing.places(0, len(wanted))
    communes = stands.filter(kind="commune")
    meeting = (communes["#standing"] >= standing.edge).mean()
    assert abs(meeting - 0.707) < 0.002
    some = pl.concat(country.frames(wanted)).with_columns(stands["#standing"]).gather_every(15)
    rules = ntm.load(SET, on="2022-12-31")
    for dossier, stand in zip(country.dossiers(some.drop("#standing")), some["#standing"], strict=True):
        found = ntm.evaluate(rules, dossier)
        failing = [each.address for each in found.criteria if each.verdict is ntm.Verdict.NOT_MET]
        assert bool(failing) == (stand < standing.edge)


@pytest.mark.parametrize(
    ("name", "year", "share"),
    [
        (SET, 2022, 707),
        (SET, 2024, 707),
        (SET, 2025, 793),
        ("commune/standard/2016-2020", 2016, 635),
        ("commune/advanced/2021-2025", 2025, 336),
        ("commune/modern/2026-2030", 2026, 100),
    ],
)
def test_the_nearest_published_share_is_taken(name, year, share):
    """That of the latest year before, or the first there is; of a tier without any the assumed one."""
    map = "vn-2008" if year < 2025 else "vn-2025"
    assert Country(map=map, set=name, year=year).progress == share


# --- what is missing, what is attested ------------------------------------------------------------------------------


def test_figures_are_missing(table):
    """Of every fact some three in a hundred figures are missing, of attributes fewer; at most all, at least none."""
    told = table.filter(~pl.all_horizontal(pl.col(figures_of(table)).is_null()))
    for name in figures_of(table):
        assert 0.02 < told[name].null_count() / len(told) < 0.04, name
    assert 0 < table["is_safe_zone"].null_count() / len(table) < 0.006
    nothing = country.generate(places=50, missing=1.0, departments=0.0)
    assert nothing.select(pl.col(figures_of(nothing)).is_null().all()).row(0) == (True,) * len(figures_of(nothing))
    everything = country.generate(places=50, **WHOLE)
    assert not everything.select(pl.col(figures_of(everything)).is_null().any()).row(0).count(True)


def test_some_places_are_judged_by_departments_only(table):
    """A tenth of the places have every criterion attested and no figure; their verdict is that of the departments."""
    only = table.filter(pl.all_horizontal(pl.col(figures_of(table)).is_null()))
    assert 0.09 < len(only) / len(table) < 0.11
    criteria = [name for name in table.columns if name.startswith(ATTESTED) and "/" not in name]
    assert len(criteria) == 19
    assert not only.select(pl.col(criteria).is_null().any()).row(0).count(True)
    rules = ntm.load(SET, on="2022-12-31")
    found = {ntm.evaluate(rules, dossier).verdict.value for dossier in country.dossiers(only.gather_every(40))}
    assert {MET, NOT_MET} <= found


def test_conclusions_mostly_agree(assessments):
    """Few conclusions contradict the figures unless more are asked for."""
    judged = list(chain.from_iterable(assessments.values()))
    assert len([found for found in judged if found.conflicts]) < len(judged) / 20
    rules = ntm.load(SET, on="2022-12-31")
    many = country.generate(places=10, attested=1.0, contradicting=0.5, departments=0.0)
    assert all(ntm.evaluate(rules, dossier).conflicts for dossier in country.dossiers(many))


def test_without_contradictions_there_is_no_conflict():
    """Where no conclusion is to contradict, each says what the figures say, whether a row applies or not."""
    some = country.generate(set="commune/standard/2016-2020", year=2020, contradicting=0.0, attested=0.5, places=150)
    rules = ntm.load("commune/standard/2016-2020", on="2020-12-31")
    assert {"met", "not_met", "not_applicable"} == set(some["attested:7/7"].drop_nulls())
    for dossier in country.dossiers(some):
        assert not ntm.evaluate(rules, dossier).conflicts


def test_a_count_of_none_drops_its_row(table):
    """Where there is no craft village, a conclusion on their preservation says that it does not apply."""
    told = table.drop_nulls("attested:13/13.4").filter(pl.col("craft_village_count") == 0)["attested:13/13.4"]
    assert told.unique().to_list() == ["not_applicable"]


# --- what comes of it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", REGIONS)
def test_no_region_has_one_verdict_only(assessments, region):
    """In every region places fail and others are open, and rows of each verdict are found."""
    here = assessments[region]
    assert len(here) >= 38
    assert {NOT_MET, OPEN} <= {found.verdict.value for found in here}
    assert {found.verdict.value for found in chain.from_iterable(assessments.values())} == {MET, NOT_MET, OPEN}
    of_rows = {each.verdict.value for found in here for each in found.indicators}
    assert of_rows == {"met", "not_met", "undetermined", "not_applicable"}


def test_figures_are_around_the_threshold_of_the_region():
    """Where the thresholds of regions differ the figures do; some are exactly on them."""
    whole = country.generate(places=4_000, **WHOLE)
    levels = {"red_river_delta": 53, "northern_midlands_and_mountains": 39, "south_east": 62}
    for region, level in levels.items():
        incomes = whole.filter(region=region, is_especially_difficult=False)["income_per_person"]
        assert level <= float(incomes.median()) < level * 1.4
        assert (incomes == level).any()
    special = whole.filter(pl.col("region") == "south_east", pl.col("is_especially_difficult"))["income_per_person"]
    assert special.median() < 60


# --- what there is not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ({"map": "vn-2009"}, "vn-2008"),
        ({"map": "vn-2025", "year": 2022}, "vn-2008"),
        ({"set": "commune/standard/2021-2026"}, SET),
        ({"set": "district/standard/2021-2025"}, SET),
    ],
)
def test_what_there_is_not_is_told(wrong, nearest):
    """A map, a set for communes or a year that there is not is refused with the nearest that there is."""
    with pytest.raises(ntm.UnknownNameError) as error:
        country.generate(**wrong)
    assert error.value.suggestion == nearest


@pytest.mark.parametrize("wrong", [{"missing": 1.5}, {"attested": -0.1}, {"places": 0}])
def test_shares_are_shares(wrong):
    """A share beyond the whole is refused."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        country.generate(**wrong)


def test_without_polars_the_extra_is_named(monkeypatch):
    """Whoever lacks polars is told what to install."""
    monkeypatch.setattr("ntm_rules.population.country.drawing.find_spec", lambda _: None)
    for draw in (country.generate, lambda: next(country.frames(Country())), lambda: country.scan(Country())):
        with pytest.raises(ntm.MissingExtraError, match="population"):
            draw()


# --- what a set asks ------------------------------------------------------------------------------------------------


def test_what_fails_together():
    """All parts of a requirement can fail apart, alternatives only together, what may drop never surely."""
    rules = ntm.load("commune/standard/2021-2025", on="2024-12-31")
    its = {unit.address: [] for row in rows(rules) for unit in row.units}
    for row in rows(rules):
        for unit in row.units:
            its[unit.address].append(unit)
    assert [len(unit.leaves) for unit in its["18/18.2"]] == [1, 1]
    assert [len(unit.leaves) for unit in its["13/13.1"]] == [2]
    assert not any(unit.sure for unit in its["13/13.4"])
    assert its["12/12.1"][0].leaves[0].by == "sex"
    sure = Figures(Standing(Country(year=2024))).sure
    assert sure[17]
    # None of the cells of row 2 is at hand.
    assert not sure[1]


def test_drawing_leaves_evidence_alone():
    """What a threshold rests on is the same after a country was drawn around it, for whoever asks next."""
    rules = ntm.load("commune/standard/2016-2020")
    some = country.generate(set=str(rules.id), year=2020, places=63, **WHOLE)
    for dossier in country.dossiers(some):
        # A set that nobody has asked anything yet.
        fresh = ntm.evaluate(attrs.evolve(rules), dossier)
        assert ntm.evaluate(rules, dossier)["15/15.1"].why() == fresh["15/15.1"].why()
