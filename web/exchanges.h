// What is said around a project, in one thread: messages that its holder reads, notes between those
// who decide, and what Démarches Simplifiées shows of the dossier.
//
//   const auto thread = ThreadOf(visit, session, sight);      // what this visitor may read
//   AddExchanges(view, visit, session, sight, thread, {}, true);    // the thread, its two boxes
//   PublicReaders(session, project, message, sight, now)      // whom a public message is mailed to
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/messages.h"
#include "storage/people.h"
#include "web/page.h"
#include "web/sight.h"

namespace aiguillage::web {

inline constexpr std::size_t kMessageCharactersMax = 5000;

struct ThreadLine {
  std::int64_t at = 0;
  std::string who, text;
  std::string kind;        // public | internal | ds
  std::string correction;  // ds: « demande de correction », and whether it is over
  std::string files;       // ds: names of what was attached
};
std::vector<ThreadLine> ThreadOf(const Visit& visit, storage::Session& session, const Sight& sight);

// What came back from a box because it could not be sent.
struct TypedMessage {
  std::string kind, text, error;
};
void AddExchanges(View& view, const Visit& visit, storage::Session& session, const Sight& sight,
                  const std::vector<ThreadLine>& thread, const TypedMessage& typed, bool shown);

// As what this visitor writes a message of this kind, their own role before a lent one; its role is
// "" when they may not.
workflows::HeldRole WritesAs(const Sight& sight, const std::string& kind);
// The project's people, and of those who instruct: whose turn it is, the case officer, and whoever
// wrote to the project before; and who stands in for one of them. Never the author, never somebody
// who may not see it.
std::vector<storage::Person> PublicReaders(storage::Session& session,
                                           const storage::Project& project, std::int64_t author,
                                           std::int64_t now);

}  // namespace aiguillage::web
