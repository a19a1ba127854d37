-- No PostgreSQL that we ship has ICU: the order of the Ukrainian alphabet is a key compared as bytes.
create function ukrainian_key(words text) returns text language sql immutable strict parallel safe return
    translate(upper(words), 'АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ', '0123456789:;<=>?@ABCDEFGHIJKLMNOP') collate "C";

drop index staff_clinic;
create index staff_clinic on staff (clinic_id, ukrainian_key(last_name) collate "C");
