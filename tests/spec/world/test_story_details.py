"""What the story says beside its figures: who, where, and what an honest method must not be misled by."""

from tests.spec.world.measures import TOP1, TOP2
from tests.spec.world.told import Told


def test_there_are_96_agents_in_teams_of_14_to_16_and_one_of_7(story: Told) -> None:
    teams = story.all("select team, count(distinct subject) from s where name = 'training' group by team order by 2")
    assert [n for _, n in teams] == [7, 14, 14, 15, 15, 15, 16]


def test_every_team_but_the_small_one_answers_the_pulse_with_ten_and_more(story: Told) -> None:
    rows = story.all("select team, m, count(distinct subject) from s where name = 'pulse' and m <= 24 group by team, m")
    assert {team for team, _, n in rows if n < 10} == {"ardmore-3"}


def test_six_regions_36_districts_and_34_firms_are_heard_from(story: Told) -> None:
    assert story.all(
        "select count(distinct region), count(distinct attrs['district']), count(distinct attrs['installer']) "
        "from s where name = 'time_to_onboard'"
    ) == [(6, 36, 34)]


def test_the_activation_check_was_drawn_for_18_districts_three_a_region(story: Told) -> None:
    drawn = story.all(
        "select region, count(distinct attrs['district']) from s where attrs['check'] = 'yes' group by region"
    )
    assert sorted(drawn) == [(region, 3) for region in ("coast", "east", "midlands", "north", "south", "west")]


def test_one_gamer_works_at_calder_one_at_brenwick_and_each_has_94_percent_fives(story: Told) -> None:
    found = story.all(
        f"select site, {TOP1} from s where name = 'csat' and agent in ({story.gamers}) group by agent, site order by 1"
    )
    assert [site for site, _ in found] == ["brenwick", "calder"]
    assert all(abs(share - 94) < 1.5 for _, share in found)


def test_no_other_agent_comes_near_the_gamers_or_the_star(story: Told) -> None:
    highest = story.one(
        f"select max(share) from (select {TOP1} as share from s where name = 'csat' "
        f"and agent not in ({story.gamers}, {story.star}) group by agent)"
    )
    assert highest < 80


def test_only_the_gamers_beg(story: Told) -> None:
    assert story.one(f"select count(*) from s where text like '%a five%' and agent not in ({story.gamers})") == 0


def test_the_scripts_went_to_the_worst_agents_but_for_the_gamers(story: Told) -> None:
    ranked = story.all(
        "select any_value(attrs['scripts']), avg((not repeated and not handed)::int) as fcr7 from issues "
        f"where m between 4 and 6 and agent not in ({story.gamers}) group by agent order by fcr7"
    )
    given = [place for place, (scripts, _) in enumerate(ranked) if scripts == "given"]
    assert len(given) == 12
    assert sum(given) / 12 < 20  # of 94: the mean place of the worst 12 is 5.5, of any 12 it is 46.5


def test_excluded_answers_name_who_left_them_out_and_lie_at_calder_from_m13_only(story: Told) -> None:
    assert story.all("select distinct site, excluded, excluded_by is not null from s where excluded is not null") == [
        ("calder", "duplicate", True)
    ]
    assert story.one("select min(m) from s where excluded is not null") == 13


def test_the_move_is_the_same_at_every_site_and_in_every_other_cut(story: Told) -> None:
    """Only chat about the Hub 3 falls: other answers do not, by site, app or reason."""
    for cut in ("site", "attrs['app']"):
        changes = story.all(
            f"select {cut}, {TOP2} filter (m >= 20) - {TOP2} filter (m < 20) from s where name = 'csat' "
            f"and m between 17 and 22 and channel = 'phone' group by {cut}"
        )
        assert all(abs(change) < 4 for _, change in changes), changes


def test_a_customer_who_left_brings_nothing_more(story: Told) -> None:
    assert (
        story.one(
            "with gone as (select subject, max(m) as left_in from s where name = 'churn' group by subject) "
            "select count(*) from s join gone using (subject) where name = 'invitation_sent' and m > left_in"
        )
        == 0
    )


def test_the_rival_s_note_is_about_a_competitor_in_m12(story: Told) -> None:
    assert story.all("select m, about, basis, label from s where name = 'note'") == [
        (12, "competitor:brightwave", "researched", "promise")
    ]


def test_one_agent_noticed_what_the_searches_show(story: Told) -> None:
    ((about, kind, text),) = story.all("select about, subject_kind, text from s where name = 'noticed'")
    assert (about, kind) == ("article:hub-3-lights", "employee")
    assert "Hub 3 lights" in text
