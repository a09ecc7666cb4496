-- One text for SQLite and PostgreSQL. Times are milliseconds since 1970 UTC, truth values 0 and 1,
-- ids are made by the program. Sealed values are base64, so that whole lists go in as one JSON parameter.

-- Roster -------------------------------------------------------------------------------------------
CREATE TABLE units (
    id      BIGINT PRIMARY KEY,
    code    TEXT   NOT NULL UNIQUE,
    name    TEXT   NOT NULL,
    tier    BIGINT NOT NULL,             -- position in roster.tiers, 0 = first
    parent  BIGINT,
    path    TEXT   NOT NULL,             -- '/1/7/': ids from the root down to this unit, for subtree look-ups
    removed_at BIGINT
);
CREATE INDEX units_path ON units (path);
CREATE INDEX units_parent ON units (parent);

CREATE TABLE people (
    id         BIGINT PRIMARY KEY,       -- the pseudonym that the audit keeps
    code       TEXT   NOT NULL UNIQUE,
    name       TEXT   NOT NULL,
    phone      TEXT,                     -- sealed
    phone_hash TEXT,                     -- keyed hash of the digits, to compare a shared contact
    locale     TEXT,                     -- from the roster
    telegram_id BIGINT,                  -- as last imported: binds when the roster changes it
    removed_at BIGINT
);

CREATE TABLE roles (
    person BIGINT NOT NULL,
    unit   BIGINT NOT NULL,
    role   TEXT   NOT NULL,
    signs  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (unit, role, person)
);
CREATE INDEX roles_person ON roles (person);

CREATE TABLE answers_for (
    person  BIGINT NOT NULL,             -- guardian or proxy
    student BIGINT NOT NULL,
    PRIMARY KEY (person, student)
);
CREATE INDEX answers_for_student ON answers_for (student);

CREATE TABLE follows (
    person  BIGINT NOT NULL,
    student BIGINT NOT NULL DEFAULT 0,   -- either a student …
    unit    BIGINT NOT NULL DEFAULT 0,   -- … or a unit
    PRIMARY KEY (person, student, unit)
);

-- Accounts and binding -----------------------------------------------------------------------------
CREATE TABLE accounts (
    account    BIGINT PRIMARY KEY,       -- Telegram's user id
    bot        BIGINT NOT NULL,          -- through which bot it is reached
    started_at BIGINT,                   -- pressed Start
    blocked_at BIGINT,                   -- 403 or my_chat_member says so; NULL once back
    gone       BIGINT NOT NULL DEFAULT 0, -- deactivated
    locale     TEXT,                     -- own choice by /lang
    menu       TEXT,                     -- the command menu that was last set
    refused_at BIGINT                    -- last polite answer to somebody not bound
);

CREATE TABLE bindings (
    person   BIGINT PRIMARY KEY,
    account  BIGINT NOT NULL,
    bound_at BIGINT NOT NULL,
    how      TEXT   NOT NULL             -- link, phone, admitted, roster
);
CREATE INDEX bindings_account ON bindings (account);

CREATE TABLE invites (
    token_hash TEXT   PRIMARY KEY,
    person     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    voided_at  BIGINT,
    made_by    BIGINT                    -- person; NULL from the shell
);
CREATE INDEX invites_person ON invites (person);

CREATE TABLE admissions (                -- somebody claims to be a person; the responsible decides
    id         BIGINT PRIMARY KEY,
    person     BIGINT NOT NULL,
    account    BIGINT NOT NULL,
    bot        BIGINT NOT NULL,
    shown_name TEXT   NOT NULL,
    asked_at   BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by BIGINT,
    admitted   BIGINT,
    rebinding  BIGINT NOT NULL DEFAULT 0 -- the person had another account when this was asked
);
CREATE INDEX admissions_open ON admissions (person, account, decided_at);

CREATE TABLE attempts (                  -- guessing is slowed: codes, tokens, /register
    account BIGINT NOT NULL,
    what    TEXT   NOT NULL,
    failed  BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    told_at BIGINT NOT NULL DEFAULT 0,   -- when it was told to wait: said once for each wait
    PRIMARY KEY (account, what)
);

CREATE TABLE contacts (                  -- verified contact directory (A4)
    person      BIGINT PRIMARY KEY,
    verified_at BIGINT NOT NULL,
    verified_by BIGINT NOT NULL,
    phone_hash  TEXT                     -- of what was verified: a new number must be verified anew
);

-- Chats --------------------------------------------------------------------------------------------
CREATE TABLE chats (
    chat       BIGINT PRIMARY KEY,
    bot        BIGINT NOT NULL,
    unit       BIGINT,                   -- NULL: not bound
    tier       TEXT,                     -- a tier's name, or 'group' for a further group
    title      TEXT   NOT NULL DEFAULT '',
    kind       TEXT   NOT NULL DEFAULT 'group',
    bound_at   BIGINT,
    bound_by   BIGINT,
    seen_at    BIGINT NOT NULL,
    removed_at BIGINT,                   -- the bot was removed from it
    sees_all   BIGINT NOT NULL DEFAULT 0, -- the bot is an administrator
    members    BIGINT,                   -- getChatMemberCount when last asked
    moved_to   BIGINT,                   -- became this supergroup
    strangers_told_at BIGINT NOT NULL DEFAULT 0 -- the responsible heard of newcomers that are not on the roster
);
CREATE INDEX chats_unit ON chats (unit, tier);

CREATE TABLE chat_codes (
    code_hash  TEXT   PRIMARY KEY,
    unit       BIGINT NOT NULL,
    tier       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);

CREATE TABLE chat_members (
    chat    BIGINT NOT NULL,
    account BIGINT NOT NULL,
    inside  BIGINT NOT NULL,
    name    TEXT,                        -- sealed; for who is not on the roster
    seen_at BIGINT NOT NULL,
    news    BIGINT NOT NULL DEFAULT 0,   -- 1: joined while the chat was bound, the responsible has not heard of it
    PRIMARY KEY (chat, account)
);
CREATE INDEX chat_members_account ON chat_members (account);

-- Inbox --------------------------------------------------------------------------------------------
CREATE TABLE inbox (
    bot         BIGINT NOT NULL,
    update_id   BIGINT NOT NULL,
    kind        TEXT   NOT NULL,
    hash        TEXT   NOT NULL,
    received_at BIGINT NOT NULL,
    state       TEXT   NOT NULL,         -- done, failed (tried again), aside (given up, for the operator)
    attempts    BIGINT NOT NULL DEFAULT 0,
    retry_at    BIGINT,
    payload     TEXT,                    -- sealed; only while failed or aside
    error       TEXT,
    PRIMARY KEY (bot, update_id)
);
CREATE INDEX inbox_failed ON inbox (state, retry_at);
CREATE INDEX inbox_age ON inbox (received_at);

CREATE TABLE offsets (
    bot       BIGINT PRIMARY KEY,
    next      BIGINT NOT NULL,
    polled_at BIGINT NOT NULL
);

-- Messages and outbox ------------------------------------------------------------------------------
-- A message is what the bot shows at one place. Its id is random: it is the opaque part of its buttons.
CREATE TABLE messages (
    id         BIGINT PRIMARY KEY,
    bot        BIGINT NOT NULL,
    chat       BIGINT NOT NULL,
    tg_id      BIGINT,                   -- Telegram's id once it was sent
    slot       TEXT   NOT NULL,          -- what is shown there: 'leg:12', 'preview:7'
    kind       TEXT   NOT NULL,
    subject    BIGINT NOT NULL DEFAULT 0, -- the directive, admission … it is about
    owner      BIGINT NOT NULL DEFAULT 0, -- the person it was made for, 0: whoever may
    body       TEXT   NOT NULL,          -- sealed domain::message::Message
    locale     TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    sent_at    BIGINT,
    expires_at BIGINT NOT NULL,
    live       BIGINT NOT NULL DEFAULT 1 -- 0: out of date, its buttons say so
);
CREATE INDEX messages_place ON messages (chat, tg_id);
CREATE INDEX messages_slot ON messages (slot, chat);
CREATE INDEX messages_subject ON messages (kind, subject);
CREATE INDEX messages_unsent ON messages (made_at) WHERE tg_id IS NULL;

CREATE TABLE outbox (
    id         BIGINT PRIMARY KEY,       -- grows: the order within a chat
    bot        BIGINT NOT NULL,
    chat       BIGINT NOT NULL,          -- 0 for what belongs to no chat
    class      BIGINT NOT NULL,          -- domain::message::Class
    op         TEXT   NOT NULL,          -- send, edit, answer, copy, …
    message    BIGINT,                   -- messages.id for send and edit
    body       TEXT,                     -- sealed JSON of what the op needs
    repeat     TEXT   NOT NULL,          -- after an unclear outcome: again, marked, never
    state      TEXT   NOT NULL,          -- queued, flight, done, failed, stale, held
    not_before BIGINT NOT NULL,
    stale_at   BIGINT NOT NULL,
    attempts   BIGINT NOT NULL DEFAULT 0,
    repeated   BIGINT NOT NULL DEFAULT 0, -- 1: an earlier try may have arrived
    flight_at  BIGINT,
    flight_by  TEXT,
    done_at    BIGINT,
    error      TEXT
);
CREATE INDEX outbox_heads ON outbox (bot, state, class, chat, id);  -- the first row of each chat
CREATE INDEX outbox_chat ON outbox (chat, state, class, id);
CREATE INDEX outbox_message ON outbox (message, op, state);
CREATE INDEX outbox_done ON outbox (state, done_at);

CREATE TABLE leases (
    name  TEXT   PRIMARY KEY,            -- 'sender:<bot>', 'poller:<bot>', 'timers'
    owner TEXT   NOT NULL,
    until BIGINT NOT NULL
);

-- Timers -------------------------------------------------------------------------------------------
CREATE TABLE timers (
    id           BIGINT PRIMARY KEY,
    kind         TEXT   NOT NULL,
    subject      BIGINT NOT NULL,
    version      BIGINT NOT NULL,        -- the subject's policy version
    step         BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    leased_until BIGINT NOT NULL DEFAULT 0,
    state        TEXT   NOT NULL,        -- waiting, done, void, failed
    fired_at     BIGINT,
    attempts     BIGINT NOT NULL DEFAULT 0,
    note         TEXT,                   -- what it did or why nothing
    UNIQUE (kind, subject, version, step)
);
CREATE INDEX timers_due ON timers (state, due_at);

-- Directives ---------------------------------------------------------------------------------------
CREATE TABLE directives (
    id           BIGINT PRIMARY KEY,
    year         BIGINT NOT NULL DEFAULT 0,
    number       BIGINT NOT NULL DEFAULT 0, -- per year; 0 while a draft
    issuer       BIGINT NOT NULL,
    issuer_role  TEXT   NOT NULL,
    origin       BIGINT NOT NULL,        -- the unit it is issued in
    origin_tier  BIGINT NOT NULL,
    text         TEXT   NOT NULL,
    reference    TEXT   NOT NULL DEFAULT '',
    urgent       BIGINT NOT NULL DEFAULT 0,
    answer       BIGINT NOT NULL DEFAULT 1, -- 0: for information, no answer needed
    depth        BIGINT NOT NULL DEFAULT -1, -- deepest tier position; -1: not chosen
    due          TEXT   NOT NULL DEFAULT '', -- JSON: own due per tier, in seconds
    attachments  TEXT   NOT NULL DEFAULT '[]', -- JSON: where to copy from
    units        TEXT   NOT NULL DEFAULT '[]', -- JSON: addressed child units; empty: all
    copies       TEXT   NOT NULL DEFAULT '[]', -- JSON: child units informed only
    policy       TEXT   NOT NULL DEFAULT '',  -- JSON: fixed when it was sent
    revision     BIGINT NOT NULL DEFAULT 1,
    state        TEXT   NOT NULL,        -- draft, sent, withdrawn, cancelled
    made_at      BIGINT NOT NULL,
    issued_at    BIGINT,
    ended_at     BIGINT
);
CREATE INDEX directives_number ON directives (year, number);
CREATE INDEX directives_issuer ON directives (issuer, state);

CREATE TABLE revisions (                 -- every text that was ever sent
    directive BIGINT NOT NULL,
    revision  BIGINT NOT NULL,
    text      TEXT   NOT NULL,
    by_person BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (directive, revision)
);

-- A leg is a directive at one unit and tier of chat: expected from the moment it is sent.
CREATE TABLE legs (
    id         BIGINT PRIMARY KEY,
    directive  BIGINT NOT NULL,
    unit       BIGINT NOT NULL,
    tier       BIGINT NOT NULL,          -- tier position of the chat (guardians: the last)
    parent     BIGINT,                   -- the leg it is relayed from
    informed   BIGINT NOT NULL DEFAULT 0, -- 1: a copy, owes no answer
    state      TEXT   NOT NULL,          -- waiting, arrived, withdrawn
    chat       BIGINT,                   -- where it arrived; NULL: in private
    arrived_at BIGINT,
    due_at     BIGINT,
    relay_at   BIGINT,                   -- the moment an acknowledged relay goes down by itself
    relayed_by BIGINT,
    relay_how  TEXT,                     -- issued, ack, button, auto, anyway
    note       TEXT   NOT NULL DEFAULT '', -- added by who relayed it
    must       BIGINT NOT NULL DEFAULT 0,
    acked      BIGINT NOT NULL DEFAULT 0,
    late       BIGINT NOT NULL DEFAULT 0,
    done_state TEXT   NOT NULL DEFAULT '', -- reported, accepted, returned
    done_by    BIGINT,
    done_at    BIGINT,
    done_text  TEXT   NOT NULL DEFAULT '',
    done_media TEXT   NOT NULL DEFAULT '', -- JSON: where to copy the photo from
    judged_by  BIGINT,
    judged_at  BIGINT,
    judged_why TEXT   NOT NULL DEFAULT '',
    UNIQUE (directive, unit, tier)
);
CREATE INDEX legs_parent ON legs (parent);
CREATE INDEX legs_unit ON legs (unit, tier, state);
CREATE INDEX legs_due ON legs (due_at) WHERE state = 'arrived' AND acked < must;
CREATE INDEX legs_relay ON legs (relay_at) WHERE state = 'waiting' AND relay_at IS NOT NULL;
CREATE INDEX legs_open ON legs (unit, tier) WHERE state = 'arrived' AND acked < must;

-- One row per who must acknowledge, made when the directive arrives.
CREATE TABLE receipts (
    leg         BIGINT NOT NULL,
    revision    BIGINT NOT NULL,
    subject     BIGINT NOT NULL,         -- college, class, person or (guardians) student
    kind        TEXT   NOT NULL,         -- unit, person, household
    directive   BIGINT NOT NULL,
    acked_at    BIGINT,
    by_person   BIGINT,
    way         TEXT,                    -- button, reply, reaction, word, phone
    recorded_by BIGINT,                  -- who noted it, when by phone
    late        BIGINT NOT NULL DEFAULT 0,
    reminders   BIGINT NOT NULL DEFAULT 0,
    reminded_at BIGINT,
    escalated_at BIGINT,
    escalated_to TEXT NOT NULL DEFAULT '', -- JSON: person ids
    unreached_at BIGINT,                 -- tried by phone and not reached
    unreached_by BIGINT,
    PRIMARY KEY (leg, revision, subject)
);
CREATE INDEX receipts_subject ON receipts (subject, kind, directive);
CREATE INDEX receipts_directive ON receipts (directive, revision);
CREATE INDEX receipts_missing ON receipts (subject, kind) WHERE acked_at IS NULL;

CREATE TABLE dialogues (                 -- what the bot waits for from a person in private
    account    BIGINT PRIMARY KEY,
    person     BIGINT NOT NULL,
    kind       TEXT   NOT NULL,
    subject    BIGINT NOT NULL,
    body       TEXT   NOT NULL,          -- sealed JSON
    updated_at BIGINT NOT NULL
);

CREATE TABLE nudges (                    -- how many reminders a person had on a local day
    person BIGINT NOT NULL,
    day    TEXT   NOT NULL,
    count  BIGINT NOT NULL,
    last_at BIGINT NOT NULL,             -- the last one: it listed all that was due then
    PRIMARY KEY (person, day)
);

-- Audit --------------------------------------------------------------------------------------------
CREATE TABLE audit (
    seq     BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   BIGINT NOT NULL,             -- people.id, 0: the program itself
    account BIGINT NOT NULL,
    act     TEXT   NOT NULL,
    subject TEXT   NOT NULL,             -- 'directive:12'
    detail  TEXT   NOT NULL,             -- JSON, no names, no answers
    prev    TEXT   NOT NULL,
    hash    TEXT   NOT NULL
);
CREATE TABLE audit_head (
    id   BIGINT PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash TEXT   NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Check-in -----------------------------------------------------------------------------------------
-- A day's id is its local date as a number: 20261122.
CREATE TABLE days (
    id          BIGINT PRIMARY KEY,
    form        TEXT   NOT NULL,          -- JSON: fixed when the day opened
    policy      TEXT   NOT NULL,          -- JSON: likewise
    opened_at   BIGINT NOT NULL,
    deadline_at BIGINT NOT NULL,
    reviewed_at BIGINT,                   -- a leader's review of a day with an urgent alert
    reviewed_by BIGINT,
    signed_at   BIGINT,                   -- from here on the day is locked
    signed_by   BIGINT,
    signed_why  TEXT   NOT NULL DEFAULT '', -- why it was signed although incomplete
    signed      TEXT   NOT NULL DEFAULT '', -- JSON: the figures that were signed, unit by unit
    filed_at    BIGINT,
    filed_by    BIGINT,
    filed_to    TEXT   NOT NULL DEFAULT '',
    supplements BIGINT NOT NULL DEFAULT 0 -- the last number given
);

-- One row per who is expected to report, made when the day opens (invariant 9). Locked once the day is signed.
CREATE TABLE person_days (
    day          BIGINT NOT NULL,
    person       BIGINT NOT NULL,
    unit         BIGINT NOT NULL,         -- where the person is counted
    state        TEXT   NOT NULL DEFAULT 'missing', -- missing, reported, excused, unreachable
    late         BIGINT NOT NULL DEFAULT 0,
    changed      BIGINT NOT NULL DEFAULT 0,
    level        BIGINT NOT NULL DEFAULT 0, -- 0 nothing, 1 watch, 2 urgent
    version      BIGINT NOT NULL DEFAULT 0, -- of the valid report, 0: none
    reported_at  BIGINT,                  -- the first report
    by_person    BIGINT,
    way          TEXT,                    -- self, guardian, proxy, phone
    noted_at     BIGINT,                  -- excused or not reached: when, by whom, why
    noted_by     BIGINT,
    noted_why    TEXT,                    -- sealed
    prompted_at  BIGINT,
    reminders    BIGINT NOT NULL DEFAULT 0,
    reminded_at  BIGINT,
    escalated_at BIGINT,
    escalated_to TEXT   NOT NULL DEFAULT '[]', -- JSON: [{"person": 7, "tier": 2}]
    PRIMARY KEY (day, person)
);
CREATE INDEX person_days_unit ON person_days (day, unit, state);
CREATE INDEX person_days_person ON person_days (person, day);
CREATE INDEX person_days_noted ON person_days (day) WHERE noted_why IS NOT NULL;

-- Every version of every report. A supplement to a signed day has its number and reason.
CREATE TABLE reports (
    day        BIGINT NOT NULL,
    person     BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    answers    TEXT   NOT NULL,           -- sealed domain::form::Answers without locations; '' once its time is over
    places     TEXT   NOT NULL DEFAULT '', -- sealed: answers that are locations, kept for a shorter time
    at         BIGINT NOT NULL,
    by_person  BIGINT NOT NULL,
    way        TEXT   NOT NULL,
    same       BIGINT NOT NULL DEFAULT 0, -- 1: by `same`
    late       BIGINT NOT NULL,
    changed    BIGINT NOT NULL,
    level      BIGINT NOT NULL,
    supplement BIGINT NOT NULL DEFAULT 0,
    why        TEXT   NOT NULL DEFAULT '', -- sealed
    PRIMARY KEY (day, person, version)
);
CREATE INDEX reports_person ON reports (person, day, version);
CREATE INDEX reports_kept ON reports (day) WHERE answers <> '';
CREATE INDEX reports_places ON reports (day) WHERE places <> '';

CREATE TABLE sessions (                   -- forms being filled in; they outlive whatever else is asked meanwhile
    account    BIGINT NOT NULL,
    day        BIGINT NOT NULL,
    person     BIGINT NOT NULL,           -- whom the form is about
    message    BIGINT NOT NULL,           -- messages.id where it is shown
    body       TEXT   NOT NULL,           -- sealed
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account, day, person)
);

-- A unit's own people on a day (not those of units below), its confirmation, and who is on it.
CREATE TABLE unit_days (
    day          BIGINT NOT NULL,
    unit         BIGINT NOT NULL,
    tier         BIGINT NOT NULL,
    path         TEXT   NOT NULL,         -- as it was that day
    expected     BIGINT NOT NULL DEFAULT 0,
    reported     BIGINT NOT NULL DEFAULT 0,
    missing      BIGINT NOT NULL DEFAULT 0,
    excused      BIGINT NOT NULL DEFAULT 0,
    unreachable  BIGINT NOT NULL DEFAULT 0,
    late         BIGINT NOT NULL DEFAULT 0,
    changed      BIGINT NOT NULL DEFAULT 0,
    watch        BIGINT NOT NULL DEFAULT 0,
    urgent       BIGINT NOT NULL DEFAULT 0,
    confirmed_at BIGINT,
    confirmed_by BIGINT,
    confirmed    TEXT   NOT NULL DEFAULT '', -- JSON: the figures (with all below) that were confirmed
    asked_at     BIGINT,                  -- when the responsible were asked to confirm
    asked_again  BIGINT NOT NULL DEFAULT 0, -- asked again because the figures changed
    returned_at  BIGINT,                  -- sent back by who signs
    returned_by  BIGINT,
    returned_why TEXT   NOT NULL DEFAULT '',
    held_by      BIGINT,                  -- "I am on it"
    held_until   BIGINT,
    PRIMARY KEY (day, unit)
);
CREATE INDEX unit_days_path ON unit_days (day, path);

-- Alerts: one per person and day, updated by what comes later.

CREATE TABLE alerts (
    id          BIGINT PRIMARY KEY,
    day         BIGINT NOT NULL,
    person      BIGINT NOT NULL,
    unit        BIGINT NOT NULL,
    opened_at   BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    reasons     TEXT   NOT NULL,          -- sealed JSON: why, in both languages
    within      BIGINT,                   -- seconds in which the school must be told, where a rule says so (C8)
    taken_at    BIGINT,
    taken_by    BIGINT,
    cleared_at  BIGINT,
    cleared_by  BIGINT,
    outcome     TEXT   NOT NULL DEFAULT '', -- mistaken, closed
    why         TEXT   NOT NULL DEFAULT '', -- sealed: the reason of clearing
    UNIQUE (day, person)
);
CREATE INDEX alerts_open ON alerts (cleared_at, opened_at);
CREATE INDEX alerts_unit ON alerts (unit, cleared_at);

-- What happened to an alert, in order: opened, informed, updated, taken, told, escalated, cleared.
CREATE TABLE alert_events (
    alert  BIGINT NOT NULL,
    seq    BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    kind   TEXT   NOT NULL,
    person BIGINT NOT NULL DEFAULT 0,     -- who did it, or who was informed
    tier   BIGINT,                        -- the tier of that person's post
    detail TEXT   NOT NULL DEFAULT '',    -- sealed
    PRIMARY KEY (alert, seq)
);

CREATE TABLE signs (                      -- every act of review, signing and sending back of a day
    day    BIGINT NOT NULL,
    seq    BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    act    TEXT   NOT NULL,               -- review, sign, reject, filed
    person BIGINT NOT NULL,
    unit   BIGINT,                        -- sent back to
    why    TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (day, seq)
);
