-- A look-alike letter passed the black list, so one document could be entered twice: the first entry stays.
-- safe: entries of hundreds of people, made by hand
update black_list set is_active = false, ended_at = now() where is_active and exists (
    select from black_list earlier where earlier.is_active
        and plain_number(earlier.tax_id) = plain_number(black_list.tax_id)
        and (earlier.inserted_at, earlier.id) < (black_list.inserted_at, black_list.id));
-- safe: entries of hundreds of people, made by hand
create unique index black_list_number on black_list (plain_number(tax_id)) where is_active;
