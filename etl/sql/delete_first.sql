-- Takes rejected rows out again; nobody but this transaction has seen them.
DELETE FROM {table} AS t USING {judged} AS j WHERE j.verdict = 'rejected' AND t.id = j.id
