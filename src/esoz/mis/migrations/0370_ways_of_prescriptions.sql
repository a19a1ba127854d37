-- Programmes that a medicine can be prescribed by, each with central's answer: what the doctor may choose from.
alter table prescriptions add column ways jsonb not null default '[]';
