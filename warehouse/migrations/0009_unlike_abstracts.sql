comment on column core.match_edge.score is '1 where one id owns the key, else 1 / owners; 0 where a correction keeps both apart, or their abstracts share nothing';
comment on column core.match_edge.decision is 'same; review, where several ids own the key and it joins none, or where the title is the same and the abstracts share nothing; apart, where a correction says so';
