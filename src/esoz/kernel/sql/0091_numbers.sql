-- Tax ids and numbers of documents as they are compared: spelling.plain_number. Indexes are made of it, so it is never
-- replaced: another rule is another function with other indexes.
create function plain_number(number text) returns text language sql immutable strict parallel safe return
    regexp_replace(
        translate(upper(normalize(replace(number, '№', ''), NFKC)), 'ABCEHIKMOPTXY', 'АВСЕНІКМОРТХУ'), '[^0-9A-ZЀ-ЯҐ]', '', 'g');
