r"""What a database holds, as few set-based statements: the same before and after a restore, or the restore is wrong.

A checksum is the sum of the 64-bit hashes of all rows as text: it does not depend on their order, and two equal rows do not
cancel each other out. psql's \gexec runs the one statement that the server itself has written for all tables.
"""

from typing import Any

SESSION_SETTINGS = """
SET statement_timeout = 0; SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = 0; SET timezone = 'UTC';
SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1; SET search_path = '';
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
"""

_SEQUENCES = """
SELECT json_build_object('sequences', coalesce(json_object_agg(schemaname || '.' || sequencename, last_value), '{}'))
FROM pg_catalog.pg_sequences;
"""

_TABLES = r"""
SELECT 'SELECT json_build_object(''tables'', json_object_agg(name, json_build_array(rows, sum))) FROM (' || string_agg(
  format(
    'SELECT %L AS name, count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS sum FROM %I.%I AS t',
    n.nspname || '.' || c.relname, n.nspname, c.relname
  ), ' UNION ALL ' ORDER BY n.nspname, c.relname) || ') AS every_table'
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
\gexec
"""

_HEADS = r"""
SELECT 'SELECT json_build_object(''heads'', json_object_agg(name, heads)) FROM (' || string_agg(
  format('SELECT %L AS name, json_agg(version_num ORDER BY version_num) AS heads FROM %I.alembic_version', n.nspname, n.nspname),
  ' UNION ALL ') || ') AS every_schema'
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relname = 'alembic_version'
\gexec
"""

# Owners, rights, definitions. What belongs to an extension comes with the extension.
_OBJECTS = r"""
WITH own AS (
  SELECT oid, nspname, nspowner, nspacl FROM pg_catalog.pg_namespace
  WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
), members AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), found AS (
  SELECT 'schema ' || nspname || ' of ' || nspowner::regrole
         || ' for ' || coalesce((SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(nspacl) AS a), '-') AS line
  FROM own
  UNION ALL
  SELECT 'extension ' || extname || ' ' || extversion || ' in ' || extnamespace::regnamespace FROM pg_catalog.pg_extension
  UNION ALL
  SELECT 'relation ' || n.nspname || '.' || c.relname || ' ' || c.relkind::text || ' of ' || c.relowner::regrole || ' for '
         || (SELECT string_agg(a::text, ' ' ORDER BY a::text)
             FROM unnest(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) AS a)
         || coalesce(' ' || pg_get_expr(c.relpartbound, c.oid), '')
  FROM pg_catalog.pg_class AS c JOIN own AS n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND (('pg_class'::regclass, c.oid) NOT IN (SELECT classid, objid FROM members))
  UNION ALL
  SELECT 'column ' || n.nspname || '.' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
         || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || ' ' || a.attidentity::text || a.attgenerated::text
         || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
  JOIN own AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
  FROM pg_catalog.pg_index AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid JOIN own AS n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'constraint ' || k.conname || ' on ' || k.conrelid::regclass || ' ' || pg_get_constraintdef(k.oid)
  FROM pg_catalog.pg_constraint AS k JOIN own AS n ON n.oid = k.connamespace WHERE k.conrelid <> 0
  UNION ALL
  SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass || ' ' || pg_get_triggerdef(t.oid)
  FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid JOIN own AS n ON n.oid = c.relnamespace
  WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'function ' || p.oid::regprocedure || ' of ' || p.proowner::regrole || ' '
         || md5(CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE '' END) || ' for '
         || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) AS a)
  FROM pg_catalog.pg_proc AS p JOIN own AS n ON n.oid = p.pronamespace
  WHERE ('pg_proc'::regclass, p.oid) NOT IN (SELECT classid, objid FROM members)
  UNION ALL
  SELECT 'defaults of ' || d.defaclrole::regrole || ' in ' || coalesce(d.defaclnamespace::regnamespace::text, '') || ' '
         || d.defaclobjtype::text || ' for ' || (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(d.defaclacl) AS a)
  FROM pg_catalog.pg_default_acl AS d
)
SELECT json_build_object('objects', json_agg(line ORDER BY line)) FROM found;
"""

INVENTORY = _SEQUENCES + _HEADS + _TABLES + _OBJECTS


def differences(expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What is not as it was, in words; empty when all is equal. A sequence may be ahead: it moves outside of snapshots."""
    told = []
    before, after = expected["tables"], found["tables"]
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was != now:
            told.append(f"table {name}: {_rows(was)} were dumped, {_rows(now)} are there")
    for name, value in sorted(expected["sequences"].items()):
        if (found["sequences"].get(name) or 0) < (value or 0):
            told.append(f"sequence {name} stood at {value}, now at {found['sequences'].get(name)}")
    lost = sorted(set(expected["objects"]) - set(found["objects"]))
    more = sorted(set(found["objects"]) - set(expected["objects"]))
    told += [f"missing: {line}" for line in lost] + [f"not in the backup: {line}" for line in more]
    return told


def _rows(entry: list[Any] | None) -> str:
    return "no table" if entry is None else f"{entry[0]} rows (checksum {entry[1]})"
