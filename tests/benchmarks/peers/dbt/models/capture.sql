{{ config(schema='raw') }}

select
    capture_id,
    regexp_extract(capture_id, '(\d{4}-\d\d-\d\d)/[^/]+$', 1)::date as feed_date,
    strptime(regexp_extract(capture_id, '(\d{8}T\d{6})Z', 1), '%Y%m%dT%H%M%S') as captured_at,
    count(*)::integer as entries
from {{ ref('entry') }}
group by capture_id
