"""Text copies of the search page, in three layouts and out of shape."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.captures import FEWER, TITLES, Taken, search_text, take_apart
from transforms.parse.entry import Context, Entry
from transforms.parse.recognise import UnknownFormatError, recognise

FORMS = ("blank", "compact", "dated")
HEADING = "Get trending papers in your email inbox!\n\nSubscribe\n\n"


def take(text: str, captured_at: datetime | None = None) -> Taken:
    """Take a page apart as the search feed does: no ids, no feed date."""
    return take_apart(
        text, kind="search", id_scheme="none", feed_date=None, captured_at=captured_at
    )


def titles(text: str) -> list[str | None]:
    """Return the titles on a page, in order."""
    return [entry.title for entry in take(text).parsed.entries]


@pytest.mark.parametrize("form", FORMS)
def test_every_layout_gives_the_same_papers(form: str) -> None:
    taken = take(search_text(range(4), form=form))
    assert [(entry["title"], entry["abstract"]) for entry in taken.accepted] == [
        (
            TITLES[n],
            f"We look at case {n} with care, and find that small things add up. We say why.",
        )
        for n in range(4)
    ]
    assert (taken.rejected, taken.issues) == ([], [])
    assert taken.states["state"] == "loaded"
    assert taken.parsed.feed_date is None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\n "), (", ", ",\u00a0 ")], ids=repr)
def test_line_ends_and_white_space_of_another_machine_change_nothing(
    form: str, change: tuple[str, str]
) -> None:
    text = search_text(form=form).replace("Jul 14, 2021", "Jul 14")
    keys = [entry["content_key"] for entry in take(text).accepted]
    assert len(set(keys)) == 3
    assert [entry["content_key"] for entry in take(text.replace(*change)).accepted] == keys


def test_years_on_the_page_bound_the_day_of_the_look_from_below() -> None:
    parsed = take(search_text(form="dated")).parsed
    assert [entry.published_date for entry in parsed.entries] == ["2021-07-14"] * 3
    assert (parsed.captured_at, parsed.captured_after) == (None, date(2022, 3, 11))


def test_a_date_without_a_year_is_in_the_year_of_the_look_or_unknown() -> None:
    text = search_text(form="dated").replace("Jul 14, 2021", "Jan 2")
    assert {entry.published_date for entry in take(text).parsed.entries} == {None}
    looked_at = datetime.fromisoformat("2024-03-11T10:00:00")
    assert {entry.published_date for entry in take(text, looked_at).parsed.entries} == {
        "2024-01-02"
    }


def test_a_number_behind_the_date_is_kept_raw_and_no_comment_count() -> None:
    text = search_text(form="dated").replace("Jul 14, 2021", "Jul 14, 2021\n\n12")
    taken = take(text)
    assert {entry["comments"] for entry in taken.accepted} == {None}
    assert taken.issues == [(n, "comments", "ambiguous") for n in range(3)]
    assert taken.judged.issues["value"].to_list() == ["12"] * 3


def test_a_year_to_come_becomes_null_and_an_issue() -> None:
    taken = take(search_text(form="dated").replace("2021", "9999"))
    assert taken.issues == [(n, "published_date", "implausible_date") for n in range(3)]


@pytest.mark.parametrize("shown", ["Feb 30, 2021", "Jul 14, 0000", "Apr 31, 2020"])
def test_a_date_that_does_not_exist_becomes_null_and_an_issue(shown: str) -> None:
    taken = take(search_text(form="dated").replace("Jul 14, 2021", shown))
    assert [(n, field) for n, field, _ in taken.issues] == [(n, "published_date") for n in range(3)]


def test_a_page_without_results_is_a_look_without_entries() -> None:
    taken = take(HEADING)
    assert (taken.parsed.entries, taken.states["state"]) == ([], "loaded")


def test_a_title_at_the_end_without_abstract_is_an_entry() -> None:
    assert titles(search_text() + "\n\nA Lonely Title") == [*TITLES[:3], "A Lonely Title"]


def test_a_title_of_punctuation_is_rejected_and_the_rest_kept() -> None:
    taken = take(search_text().replace(TITLES[1], "?!"))
    assert taken.rejected == [(1, "title", "no_words")]
    assert [entry["title"] for entry in taken.accepted] == [TITLES[0], TITLES[2]]


def test_an_abstract_of_two_paragraphs_does_not_swallow_the_papers_behind_it() -> None:
    long = "and on we look, " * 40
    text = search_text().replace(
        "We look at case 0", f"Abstract 0.\n\n{long}\n\nWe look at case 0", 1
    )
    text = text.replace(
        "\n\nWe look at case 0 with care, and find that small things add up. We say why.", "", 1
    )
    assert titles(text) == list(TITLES[:3])


def test_the_footer_with_page_numbers_is_no_paper() -> None:
    assert titles(search_text() + "\n\nPrevious\n\n1\n\n2\n\n3\n\n...\n\n100\n\nNext") == list(
        TITLES[:3]
    )


def test_a_page_saved_as_html_is_no_copy_of_its_text() -> None:
    with pytest.raises(UnknownFormatError):
        take("<html><body><p>Get trending papers in your email inbox</p></body></html>")


def test_line_ends_of_an_old_machine_change_nothing() -> None:
    assert titles(search_text().replace("\n", "\r")) == titles(search_text())


MARKDOWN = """---
url: https://site.example/papers?q=counting
---
Get trending papers in your email inbox once a day!

[Subscribe](https://site.example/login?next=%2Fpapers)

# Daily Papers

## by [![](https://site.example/by.png)AK](https://site.example/ak) and the research community

- Daily
- Weekly
- Monthly

[Trending Papers](https://site.example/papers/trending)

Oct 2

[101](https://site.example/login?next=%2Fpapers%2F2606.00001)

### [Counting Small\\  Things](https://site.example/papers/2606.00001)

[We count [1] small things\\\\
in [0, 1).](https://site.example/papers/2606.00001)

[![home](https://site.example/home.png)Home of Counting](https://site.example/home)

·

May 29[6](https://site.example/papers/2606.00001#community)

[-](https://site.example/login?next=%2Fpapers%2F2606.00002)

### [Other Things](https://site.example/papers/2606.00002)

[We count others.](https://site.example/papers/2606.00002)

[- ![](https://site.example/1.png)\\\\
- 3 authors](https://site.example/papers/2606.00002)

·

Feb 27, 2025

[Previous](https://site.example/papers) [1](https://site.example/papers) [Next](https://site.example/)

Company

[TOS](https://site.example/terms) [Privacy](https://site.example/privacy)
"""
NUMBERED = """[[the site's logo] The Site][1]
* [ Models ][2]
* * Website
    * [ Tasks][3]
Get trending papers in your email inbox once a day!

[Subscribe][29]

# Daily Papers

## by[AK][30] and the research community
* Daily
* Weekly
* Monthly

Oct 2
[
101
][31]

### [Counting Small
Things][32]

[

We count [1] small things
in [0, 1).

][33]
[[home] Home of Counting][34]
·
May 29 [ 6][35]
[
-
][36]

### [Other Things][37]

[

We count others.

][38]
[
* 3 authors
][39]
·
Feb 27, 2025

[1]: https://site.example/
[2]: https://site.example/models
"""
BARE_LINKS = """The Site

https://site.example/

Get trending papers in your email inbox once a day!

Subscribe

https://site.example/login?next=%2Fpapers

Daily Papers

by

AK

https://site.example/ak

 and the research community

what was searched for

Daily

Weekly

Monthly

Oct 2

 [-] 101

https://site.example/login?next=%2Fpapers%2F2606.00001

Counting Small Things

https://site.example/papers/2606.00001

We count [1] small things in [0, 1).

https://site.example/papers/2606.00001

 Home of Counting

https://site.example/home

·

May 29

6

https://site.example/papers/2606.00001#community

 [-] -

Other Things

https://site.example/papers/2606.00002

We count others.

[

3 authors](https://site.example/papers/2606.00002)

·

Feb 27, 2025
"""
PLAIN = """new
Get trending papers in your email inbox once a day!
Subscribe
Daily Papers
byAK and the research community
what was searched for
Daily
Weekly
Monthly
Trending Papers
Oct 2
101
Counting Small Things
We count [1] small things in [0, 1).
Home of Counting
·
May 29
6
-
Other Things
We count others.
  • 3 authors
·
Feb 27, 2025
Previous
1
...
100
Next
"""


@pytest.mark.parametrize("text", [MARKDOWN, NUMBERED, BARE_LINKS, PLAIN])
def test_copies_that_tools_make_give_the_same_papers(text: str) -> None:
    first, second = take(text).accepted
    assert (first["title"], second["title"]) == ("Counting Small Things", "Other Things")
    assert first["abstract"] == "We count [1] small things in [0, 1)."
    assert second["abstract"] == "We count others."
    assert (first["organisation"], second["organisation"]) == ("Home of Counting", None)
    assert (first["votes"], first["comments"]) == (101, 6)
    assert (second["votes"], second["comments"]) == (None, None)
    assert second["published_date"] == date(2025, 2, 27)
    assert take(text).issues == []
    assert take(text).parsed.captured_after == date(2026, 10, 2)


def test_votes_on_lines_of_their_own_are_no_titles() -> None:
    text = search_text()
    for number, title in enumerate(TITLES[:3]):
        text = text.replace(title, f"{number + 7}\n\n{title}")
    assert titles(text) == list(TITLES[:3])
    assert [entry["votes"] for entry in take(text).accepted] == [7, 8, 9]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("before", [1, 2])
@pytest.mark.parametrize(
    "line", ["Sponsored", "Try our new assistant, free for a month", "Which model do you use?"]
)
def test_a_line_between_papers_that_the_layout_does_not_know_holds_the_copy(
    form: str, before: int, line: str
) -> None:
    end = "\n" if form == "compact" else "\n\n"
    text = search_text(range(4), form=form).replace(TITLES[before], f"{line}{end}{TITLES[before]}")
    state = take(text).states
    assert state["state"] == "held"
    assert state["reason"].startswith("unexpected_envelope: the lines ")
    assert line in state["reason"]


def test_a_line_behind_the_last_paper_that_the_layout_does_not_know_holds_the_copy() -> None:
    reason = take(search_text(form="dated") + "\n\nLoad more").states["reason"]
    assert reason == (
        "unexpected_envelope: the line 'Load more' behind the last paper is none that the layout"
        " knows"
    )


@pytest.mark.parametrize("shown, votes", [("1.2k", 1200), ("1,204", 1204), ("12k", 12_000)])
def test_votes_may_be_shortened_or_parted(shown: str, votes: int) -> None:
    taken = take(PLAIN.replace("\n101\n", f"\n{shown}\n"))
    assert [entry["title"] for entry in taken.accepted] == ["Counting Small Things", "Other Things"]
    assert [entry["votes"] for entry in taken.accepted] == [votes, None]
    assert taken.issues == []


def test_a_number_before_one_title_of_many_is_told_and_no_vote() -> None:
    taken = take(search_text().replace(TITLES[1], f"7\n\n{TITLES[1]}"))
    assert [entry["votes"] for entry in taken.accepted] == [None] * 3
    assert taken.issues == [(1, "votes", "ambiguous")]


LINES = st.sampled_from(
    [
        *("", " ", "·", "•", "3 authors", "• 1 author", "٣ authors", "Jul 14, 2021", "Feb 30"),
        *("12", "Subscribe", "Next", "Daily Papers", "new", "?", "A Title", "some text, " * 50),
    ]
)


@FEWER
@given(st.lists(LINES, max_size=30), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_any_lines_below_the_heading_are_entries_that_add_up(lines: list[str], end: str) -> None:
    taken = take(HEADING + end.join(lines))
    entries = taken.parsed.entries
    assert all(isinstance(entry, Entry) for entry in entries)
    assert [entry.position for entry in entries] == list(range(len(entries)))
    assert len(taken.parsed.payloads) == len(entries)
    seen = taken.states
    assert seen["entries_seen"] == len(entries)
    assert len(entries) == sum(seen[f"entries_{s}"] for s in ("accepted", "rejected", "held"))


def test_a_second_date_behind_a_short_paper_is_no_heading_that_swallows_it() -> None:
    text = search_text().replace(TITLES[1], f"Mar 12\n\n{TITLES[1]}", 1)
    recognised = recognise(text.encode())
    parsed = recognised.format.parse(recognised.document, Context())
    assert parsed.entries[0].title == TITLES[0]
    assert "'Mar 12'" in (parsed.envelope_error or "")
