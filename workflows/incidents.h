// What somebody of DGAFP does with an incident: try again, say that it is mended, or go on without.
// Which of the three make sense is said by its kind; each wants its reason and stays with the
// incident: who, when, why.
//
//   KindOfIncident("ds_refused").retry        true: what DS refused can be sent once more
//   EndIncident(session, {.incident = 3, .choice = "retry", .reason = "annotation corrigée",
//                         .person = 17, .now = now})        -> what became of it, in French
//
// retry: the failed words to DS wait again, a deadline that was set aside is due again. skip: words
// that DS refused are withdrawn. mended: nothing is touched but the incident.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "storage/database.h"

namespace aiguillage::workflows {

struct IncidentKind {
  const char* id;
  const char* label;  // French
  bool retry, skip;
};
const std::vector<IncidentKind>& IncidentKinds();
const IncidentKind& KindOfIncident(const std::string& id);  // of an unknown one: only mended

struct IncidentEnd {
  std::int64_t incident = 0;
  std::string choice;  // retry | mended | skip
  std::string reason;
  std::int64_t person = 0;
  std::int64_t now = 0;
};
// Refused: unknown, bad_input (no reason, or a choice its kind does not know), over (somebody was
// faster), nothing (there is nothing left to try again).
engine::Outcome<std::string> EndIncident(storage::Session& session, const IncidentEnd& end);

}  // namespace aiguillage::workflows
