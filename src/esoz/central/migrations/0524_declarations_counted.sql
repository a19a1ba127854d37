-- Declarations in force, and by day those that began and ended.
create or replace function count_declarations() returns trigger language plpgsql as $$
declare was constant boolean = tg_op = 'UPDATE' and old.status = 'active';
declare "is" constant boolean = new.status = 'active';
begin
    if was = "is" then return null; end if;
    perform add_to_total('declarations', case when was then -1 else 1 end);
    if is_counted('declarations', new.person_id, new.id) then
        perform count_act(case when was then 'undeclared' else 'declared' end, 1, new.updated_at,
            region_of_division(new.division_id), employee => new.employee_id);
    end if;
    return null;
end $$;
drop trigger count_declarations on declarations;
create trigger count_declarations after insert or update of status on declarations
    for each row execute function count_declarations();
insert into statistics_fills
    select 'declarations', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000',
        not exists (select from declarations);
