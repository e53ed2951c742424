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
