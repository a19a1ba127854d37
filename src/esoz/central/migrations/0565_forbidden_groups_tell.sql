-- Processes remember which codes and services are shown to few (kernel/memory.py).
create trigger forbidden_groups_change after insert or update or delete on forbidden_groups
    for each statement execute function registry_changed('forbidden_groups');
create trigger forbidden_groups_change after insert or update or delete on forbidden_group_members
    for each statement execute function registry_changed('forbidden_groups');
create trigger forbidden_groups_change after insert or update or delete on service_group_members
    for each statement execute function registry_changed('forbidden_groups');
create trigger forbidden_groups_change after insert or update or delete on service_groups
    for each statement execute function registry_changed('forbidden_groups');
