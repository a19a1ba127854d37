-- What each encounter left in its episode: a line for each, so that an episode does not grow with its encounters.
create table episode_diagnoses (
    person_id uuid not null,
    episode_id uuid not null,
    number bigint generated always as identity,
    document jsonb not null,
    primary key (person_id, episode_id, number),
    foreign key (person_id, episode_id) references episodes
);
