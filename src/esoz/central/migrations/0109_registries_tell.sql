-- Who remembers facts of a registry hears of its changes when they are committed (kernel/fresh.py).
-- Once a statement and not once a row; the payload is the registry, so notices of one transaction are one notice.
create function registry_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('registries', tg_argv[0]);
    return null;
end
$$;

create trigger bearers_change after update of expires_at, scopes, client_id, user_id, broker_id or delete on tokens
    for each statement execute function registry_changed('bearers');
create trigger bearers_change after update of is_blocked, person_id on users
    for each statement execute function registry_changed('bearers');
create trigger bearers_change after update of is_blocked, type on clients
    for each statement execute function registry_changed('bearers');
create trigger brokers_change after insert or update or delete on brokers
    for each statement execute function registry_changed('brokers');
