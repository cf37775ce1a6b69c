-- Who may do what with tables, single columns, schemas and functions. What nobody ever granted is the default of
-- PostgreSQL, be it written down or not: a dump forgets the difference. Columns: name, definition.
SELECT
    g.name,
    (
        SELECT string_agg(
            format('%s:%s:%s', coalesce(r.rolname, 'PUBLIC'), a.privilege_type, a.is_grantable), ' '
            ORDER BY r.rolname NULLS FIRST, a.privilege_type
        )
        FROM aclexplode(g.acl) AS a
        LEFT JOIN pg_roles AS r ON r.oid = a.grantee
    ) AS definition
FROM (
    SELECT format('on %s.%s', n.nspname, c.relname) AS name,
        coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)) AS acl
    FROM pg_class AS c
    INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ({schemas}) AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT format('on %s.%s.%s', n.nspname, c.relname, t.attname), t.attacl
    FROM pg_attribute AS t
    INNER JOIN pg_class AS c ON c.oid = t.attrelid
    INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ({schemas})
    UNION ALL
    SELECT format('on schema %s', n.nspname), coalesce(n.nspacl, acldefault('n', n.nspowner))
    FROM pg_namespace AS n
    WHERE n.nspname IN ({schemas})
    UNION ALL
    SELECT format('on function %s', p.oid::regprocedure), coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc AS p
    INNER JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname IN ({schemas})
) AS g
WHERE g.acl IS NOT NULL
