-- The order of names is that of their letters: apostrophes of every kind count for nothing, digits stand before letters,
-- Latin ones behind. Stored keys are made anew in batches by the periodic task «order of names».
create or replace function ukrainian_key(words text) returns text language sql immutable strict parallel safe return
    translate(plain_name(words), 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`a');
