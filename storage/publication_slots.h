// The public calendar of publications: which day was announced for a project, whether it moved, how
// often what is told of it changed.
//
//   KeepSlot(session, before, after, now)      by every act that moved the project
//   PublicationSlots(session)[0]               {project, "2027-05-12", "2027-05-03", 2, …}
//
// A day once announced stays: of a project that ended, is suspended or has no day any more it is
// told that it will not be.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/projects.h"

namespace aiguillage::storage {

struct PublicationSlot {
  Project project;
  std::string day, moved_from;  // ISO; moved_from: the day before it was moved, "" when it was not
  std::int64_t changes = 0, changed_at = 0;
};
// Writes only when the calendar would say something else.
void KeepSlot(Session&, const Project& before, const Project& after, std::int64_t now);
// Newest day first, a thousand at most; without erased projects.
std::vector<PublicationSlot> PublicationSlots(Session&);
// Trainings that went online between two days, both included, of these calls; without a list, of
// all. By day; a project that ended or is suspended announces nothing.
std::vector<Project> PublishedBetween(Session&, const std::string& from, const std::string& to,
                                      const std::optional<std::vector<std::string>>& calls);

}  // namespace aiguillage::storage
