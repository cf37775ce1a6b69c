-- How many pairs are due on which day by the rules that are in force on a day ahead, before and after a change of them.
-- {before} and {after} are the query of due.sql with the rules on both sides. Parameters: :municipality text, :on date.
SELECT d.due_on, count(*) FILTER (WHERE d.is_before) AS before, count(*) FILTER (WHERE NOT d.is_before) AS after
FROM (
    SELECT b.due_on, true AS is_before FROM ({before}) AS b
    UNION ALL
    SELECT a.due_on, false FROM ({after}) AS a
) AS d
GROUP BY d.due_on
