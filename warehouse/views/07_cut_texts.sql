-- Whether an abstract is a cut of a longer one. A cut ends in an ellipsis, perhaps in brackets, or
-- has at least 200 characters.
create or replace macro core.is_cut_of(abstract, whole) as
length(whole) > length(abstract)
and length(rtrim(abstract, ' .…[]()')) > 0
and starts_with(whole, rtrim(abstract, ' .…[]()'))
and (
    length(rtrim(abstract, ' .…[]()')) >= 200
    or ends_with(rtrim(abstract, ' )]'), '...')
    or ends_with(rtrim(abstract, ' )]'), '…')
);

-- Whether a title is a cut of a longer one: it ends in an ellipsis, as readers of feeds show them.
create or replace macro core.is_cut_title_of(title, whole) as
(ends_with(title, '...') or ends_with(title, '…'))
and length(whole) > length(title)
and length(rtrim(title, ' .…')) >= 8
and starts_with(whole, rtrim(title, ' .…'));

-- Whether a text is no wording of its own beside a whole one: its abstract is a cut, or its title is
-- and its abstract is the same, or is not shown.
create or replace macro core.is_cut_text_of(title, abstract, whole_title, whole_abstract) as
coalesce(core.is_cut_of(abstract, whole_abstract), false)
or (
    core.is_cut_title_of(title, whole_title)
    and coalesce(abstract is null or abstract = whole_abstract, false)
);

-- How many texts one paper may have for cuts to be looked for among them.
create or replace macro core.most_texts() as 100;
