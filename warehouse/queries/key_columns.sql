-- a row per table of the file: its name, and the column that its rows are told apart by
select
    schema_name || '.' || table_name as table_name,
    column_name
from duckdb_columns()
inner join duckdb_tables() using (schema_name, table_name, database_name)
where
    column_index = 1
    and not duckdb_tables.temporary
    and not duckdb_tables.internal
order by all
