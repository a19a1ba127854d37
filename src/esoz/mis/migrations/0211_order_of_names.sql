-- As in central: apostrophes of every kind count for nothing. The index of it is built anew by the next file; until then
-- some names stand where they stood.
create or replace function ukrainian_key(words text) returns text language sql immutable strict parallel safe return
    translate(plain_name(words), 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`a') collate "C";
