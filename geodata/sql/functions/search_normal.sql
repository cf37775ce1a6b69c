-- Spelling under which text is searched: lower case, umlauts written out, every spelling of "Straße" alike, and
-- nothing but letters, digits and single spaces, so that no character of a search has a meaning for LIKE.
CREATE OR REPLACE FUNCTION qm.search_normal(input text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(
    regexp_replace(
        replace(replace(replace(replace(lower(input), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'),
        '(strasse|str\.|str)(?=[^[:alnum:]]|$)', 'str ', 'g'
    ),
    '[^[:alnum:]]+', ' ', 'g'
));
