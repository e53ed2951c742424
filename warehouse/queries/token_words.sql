-- the words of tokens, as often as they have them: those of a text are those of what lies between its
-- blanks, for no accent and no capital reaches over a blank
select
    number,
    core.folded_word(spelling) as word
from (
    select
        number,
        unnest(core.spellings(token)) as spelling
    from token
)
where spelling != ''
