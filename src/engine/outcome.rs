//! What the courier learnt by sending: somebody blocked the bot, a group moved, who is a member.
