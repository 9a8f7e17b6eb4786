-- What a member is found by: words of name, username, e-mail address, city and postcode, without
-- case and accents, and the digits of the phone numbers. The column is the database's own, so that
-- no writer can forget it. Words are compared from their beginning.

CREATE FUNCTION members_search_words(said text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT DISTINCT left(word, 100)
    FROM regexp_split_to_table(
        replace(replace(replace(translate(
            lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f\u200c\u200d]', '', 'g')),
            'øłđħı', 'oldhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
        '[[:space:][:punct:]]+') AS word
    WHERE word <> ''
$$;

-- A number is written with or without its country's code, or its zero: its last seven digits are
-- the same, and are what it is found by, from the end.
CREATE FUNCTION members_search_phone(said text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'tel' || reverse(right(regexp_replace(said, '\D', '', 'g'), 7))
$$;

CREATE FUNCTION members_search_query(said text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN said ~ '^[0-9 +()/.-]+$' AND length(regexp_replace(said, '\D', '', 'g')) >= 5
        THEN concat_ws(' | ', words, members_search_phone(said) || ':*')
        ELSE words
    END::tsquery
    FROM (SELECT string_agg(quote_literal(word) || ':*', ' & ') AS words
          FROM members_search_words(said) AS word) AS found
$$;

-- Whether each word of a search begins a word of these names.
CREATE FUNCTION members_is_named(said text, VARIADIC names text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(
        array_to_tsvector(ARRAY(SELECT members_search_words(array_to_string(names, ' '))))
        @@ (SELECT string_agg(quote_literal(word) || ':*', ' & ')::tsquery
            FROM members_search_words(said) AS word), false)
$$;

ALTER TABLE members_member ADD COLUMN search tsvector NOT NULL DEFAULT '';

CREATE FUNCTION members_member_search() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := array_to_tsvector(ARRAY(
        SELECT members_search_words(concat_ws(' ', username, NEW.firstname, NEW.lastname,
                                              NEW.email, NEW.city, NEW.zip_code))
        FROM members_user WHERE id = NEW.user_id
        UNION
        SELECT members_search_phone(phone)
        FROM unnest(ARRAY[NEW.mobile, NEW.landline]) AS phone WHERE phone <> ''));
    RETURN NEW;
END
$$;

CREATE TRIGGER members_member_search
BEFORE INSERT OR UPDATE OF firstname, lastname, email, city, zip_code, mobile, landline
ON members_member FOR EACH ROW EXECUTE FUNCTION members_member_search();

-- Another username: the words of the member's row are made anew.
CREATE FUNCTION members_user_search() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE members_member SET firstname = firstname WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER members_user_search
AFTER UPDATE OF username ON members_user
FOR EACH ROW WHEN (OLD.username <> NEW.username) EXECUTE FUNCTION members_user_search();

CREATE INDEX member_search ON members_member USING gin (search);
