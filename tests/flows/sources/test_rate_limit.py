"""What servers ask for, in every dialect, and how backing off is bounded."""

from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.sources.rate_limit import RetryPolicy, requested_pause

NOW = datetime(2026, 5, 20, 10)  # noqa: DTZ001 - naive UTC


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "17"}, 17),
        (429, {"retry-after": "1.5"}, 1.5),
        (503, {"Retry-After": "Wed, 20 May 2026 10:02:00 GMT"}, 120),
        (500, {"Retry-After": "3"}, 3),
        (429, {"Retry-After": "Wed, 20 May 2026 09:00:00 GMT"}, 0),
        (429, {"Retry-After": "9", "RateLimit": '"api";r=0;t=100'}, 9),
        # as Hugging Face sends them with every answer
        (
            429,
            {"RateLimit": '"api";r=0;t=55', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'},
            56,
        ),
        (200, {"RateLimit": '"api";r=0;t=17'}, 18),
        (200, {"ratelimit": '"default"; r=0; t=17, "day"; r=4; t=9000'}, 18),
        (200, {"RateLimit": '"default";r=0;t=17, "day";r=0;t=9000'}, 9001),
        (429, {"RateLimit": '"api";r=994;t=28'}, 29),
        (200, {"RateLimit": '"r=0;t=5";r=0', "RateLimit-Policy": '"r=0;t=5";q=10;w=60'}, 61),
        # older drafts
        (200, {"RateLimit": "limit=100, remaining=0, reset=50"}, 51),
        (200, {"RateLimit-Limit": "100", "RateLimit-Remaining": "0", "RateLimit-Reset": "17"}, 18),
        (429, {"RateLimit-Reset": "17"}, 18),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1779271230"}, 31),
        # nothing to wait for
        (200, {"Retry-After": "17"}, None),
        (200, {"RateLimit": '"api";r=499;t=17'}, None),
        (500, {"RateLimit": '"api";r=499;t=17'}, None),
        (200, {"RateLimit-Remaining": "3", "RateLimit-Reset": "17"}, None),
        (429, {"Retry-After": "soon"}, None),
        (429, {"Retry-After": "-5"}, None),
        (503, {"Retry-After": "Wed, 31 Dec 9999 23:59:59 -2359"}, None),
        (429, {}, None),
    ],
)
def test_the_pause_is_what_the_server_asks_for(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    assert requested_pause(headers, NOW, status) == seconds


def test_a_date_to_retry_after_is_read_by_the_clock_of_the_server() -> None:
    headers = {
        "Date": "Wed, 20 May 2026 11:30:00 GMT",
        "Retry-After": "Wed, 20 May 2026 11:30:20 GMT",
    }
    assert requested_pause(headers, NOW, 503) == 20


_NAMES = st.sampled_from(
    [
        "Retry-After",
        "Date",
        "RateLimit",
        "RateLimit-Policy",
        "RateLimit-Remaining",
        "X-RateLimit-Reset",
    ]
)
_VALUES = st.one_of(
    st.text(max_size=60),
    st.from_regex(r'"[a-z;,=0-9]{0,9}";[rtqw]=[0-9]{1,20}(;[rt]=-?[0-9]{1,20})?', fullmatch=True),
    st.from_regex(r"[0-9]{1,400}", fullmatch=True),
)


@given(st.dictionaries(_NAMES, _VALUES), st.sampled_from([200, 429, 500, 503]))
def test_no_header_whatever_breaks_us_or_asks_for_less_than_nothing(
    headers: dict[str, str], status: int
) -> None:
    seconds = requested_pause(headers, NOW, status)
    assert seconds is None or 0 <= seconds < 10**13


@given(st.integers(min_value=1, max_value=5000), st.integers())
def test_backing_off_stays_within_a_bound_that_doubles(failed_tries: int, seed: int) -> None:
    retry_policy = RetryPolicy(backoff_seconds=1.0, longest_backoff_seconds=60.0)
    pause = retry_policy.backoff(failed_tries, Random(seed))
    assert 0 <= pause <= min(2.0 ** min(failed_tries - 1, 10), 60.0)


def test_backing_off_is_the_same_for_the_same_seed() -> None:
    retry_policy = RetryPolicy()
    one, two = Random(3), Random(3)
    assert [retry_policy.backoff(n, one) for n in range(1, 9)] == [
        retry_policy.backoff(n, two) for n in range(1, 9)
    ]
