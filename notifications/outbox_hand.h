// The outbox by hand: what the office may do with one mail. Each gesture stays with the mail: what,
// who, when and why, under payload.hand.
//
//   Discard(session, 42, {17, "Anne Martin", now}, "le porteur a été appelé")   it will not leave
//   SendNow(session, 42, who)                                     its waiting time is over
//   Rewrite(session, 42, who, {"Votre cadrage", "Bonjour…"}, "https://aap…")    other words
//   SendAgain(session, 42, who)                                   a new row, to the same person
//
// Refused in words: a mail that left can be sent again but not changed; a log-in mail is nobody's.
#pragma once

#include <cstdint>
#include <string>

#include "engine/outcome.h"
#include "storage/outbox.h"

namespace aiguillage::notifications {

struct Hand {
  std::int64_t person = 0;
  std::string name;
  std::int64_t now = 0;
};
struct Words {
  std::string subject, text;  // one line; paragraphs parted by empty lines
};
inline constexpr std::size_t kRewrittenMax = 4000;  // bytes of text

// The row as it is afterwards.
using HandOutcome = engine::Outcome<storage::OutboxRow>;
HandOutcome Discard(storage::Session&, std::int64_t mail, const Hand&, const std::string& reason);
HandOutcome SendNow(storage::Session&, std::int64_t mail, const Hand&);
// public_url: the only place that the new words may lead to.
HandOutcome Rewrite(storage::Session&, std::int64_t mail, const Hand&, const Words&,
                    const std::string& public_url);
HandOutcome SendAgain(storage::Session&, std::int64_t mail, const Hand&);

// What Rewrite asks of new words, before there is a row: as they will be kept, or why not.
engine::Outcome<Words> CheckWords(const Words& words, const std::string& public_url);

// Its link speaks for whoever reads it: nobody else handles that mail.
bool HoldsSecret(const storage::OutboxRow&);
bool MayChange(const storage::OutboxRow&);  // it still waits
// It is over, and what it says still stands: neither taken back nor replaced.
bool MaySendAgain(const storage::OutboxRow&);

}  // namespace aiguillage::notifications
