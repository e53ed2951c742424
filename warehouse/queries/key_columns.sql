-- a row per table of the file: its name, and the column that its rows are told apart by, its first.
-- That column is taken from the statement that made the table: duckdb_columns() would bind every view.
select
    schema_name || '.' || table_name as table_name,
    regexp_extract(sql, '^CREATE TABLE [^(]*\((("[^"]*")+|\w+) ', 1) as key
from duckdb_tables()
where
    database_name = current_database()
    and not temporary
    and not internal
order by all
