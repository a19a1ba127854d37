-- Visits by the day of the encounter; one that was a mistake is none.
create function count_visit(by integer, visit encounters) returns void language sql as $$
    select count_act('visits', by, visit.started_at, region_of_division(e.division_id), employee => visit.performer_id)
    from (select 1) one left join employees e on e.id = visit.performer_id
    where visit.status <> 'entered_in_error'
$$;
create function count_encounters() returns trigger language plpgsql as $$
declare was constant boolean = tg_op = 'UPDATE' and is_counted('encounters', old.person_id, old.id);
declare "is" constant boolean = is_counted('encounters', new.person_id, new.id);
begin
    if was and "is" and old.status = new.status then return null; end if;
    if was then perform count_visit(-1, old); end if;
    if "is" then perform count_visit(1, new); end if;
    return null;
end $$;
create trigger count_encounters after insert or update of status, person_id on encounters
    for each row execute function count_encounters();
insert into statistics_fills
    select 'encounters', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000',
        not exists (select from encounters);

create function fill_encounters(a_person uuid, a_id uuid, z_person uuid, z_id uuid)
returns void language sql as $$
    select count_visit(1, e) from encounters e
    where (e.person_id, e.id) > (a_person, a_id) and (e.person_id, e.id) <= (z_person, z_id)
$$;
