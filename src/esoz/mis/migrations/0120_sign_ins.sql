-- What a user is shown of each try, and wrong tries of one network address.
alter table sign_ins add device text not null default '';
create index sign_ins_address on sign_ins (address, at desc) where outcome = 'wrong';
