-- a row per base table of the layers: its columns in their order
select
    table_columns.schema_name,
    table_columns.table_name,
    list(column_name order by column_index) as columns
from duckdb_columns() as table_columns
inner join duckdb_tables() as tables using (schema_name, table_name)
where list_contains(?, table_columns.schema_name) and not tables.temporary
group by all
order by all
