-- Where the chain of the audit log stood, signed with the seal: what was sealed cannot be written anew unseen.
create table audit_anchors (
    number bigint primary key,              -- of the last line that it covers
    hash bytea not null,                    -- of the chain at that line
    at timestamptz not null,
    signed bytea not null,                  -- the statement in CAdES
    certificate bytea not null              -- of the seal
);
create trigger audit_anchors_append_only before update or delete on audit_anchors
    for each row execute function audit_is_append_only();
