// The one mail that gathers what a person is reminded of: what is added while it waits joins it.
// Private to the desk.
//
//   TellOf(work, lea, {"timer", 12, "Valider le cadrage : en retard depuis le 14 décembre 2026"})
//   TellOf(work, lea, {"task", 7, "Noter le projet : …, relance de Olga Petit"})    the same mail
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workflows/desk_outbox.h"

namespace aiguillage::workflows {

struct ReminderLine {
  const char* about;    // "timer" or "task": said again, it takes the place of its line
  std::int64_t id = 0;  // of that row
  std::string words;
};
// The mail it is told in, by its key.
std::string TellOf(const Work& work, const Recipient& reader, const ReminderLine& line);

void AddReader(std::vector<Recipient>& readers, Recipient reader);  // each person once
// And who stands in for each of them, told why; not for those who only stand in themselves.
void AddStandInsOf(storage::Session& session, const storage::Project& project, std::int64_t now,
                   std::vector<Recipient>& readers);
std::string ReaderNames(storage::Session& session, const std::vector<Recipient>& readers);

}  // namespace aiguillage::workflows
