-- What a pharmacist would ask about a prescription, and the doctor's answers: by the doubt's id its words, reason, comment.
alter table prescriptions add column answers jsonb not null default '{}';
