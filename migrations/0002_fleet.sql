-- Several bots of one service (P12). Both tables are empty while there is one bot.

-- The bots through which a chat or an account can be written to, where there is more than one. The one that serves it is
-- in chats.bot or accounts.bot.
CREATE TABLE ways (
    chat  BIGINT NOT NULL,               -- a group, or an account in private
    bot   BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (chat, bot)
);

CREATE TABLE failing_bots (              -- bots that cannot send at present
    bot   BIGINT PRIMARY KEY,
    since BIGINT NOT NULL,
    why   TEXT   NOT NULL,               -- refused, frozen
    until BIGINT                         -- frozen: how long Telegram asks to wait
);
