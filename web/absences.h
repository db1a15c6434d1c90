// Absences on a page: what is declared, the form, and what it was refused for.
//
//   AddAbsences(view, visit, person, "/compte/absences", draft)
//   DeclareAbsenceOf(visit, person).error      why not, "" when it is declared
//
// Dates are whole days in Paris, both included. A stand-in is named by their address: the account
// must exist. Declared by the person, or by the pilot for them.
#pragma once

#include <cstdint>
#include <string>

#include "web/page.h"
#include "web/visit.h"

namespace aiguillage::web {

struct AbsenceDraft {
  std::string from, until, stand_in, scope;  // as typed
  std::string error;
};

// Reads by itself, so never inside a reading.
void AddAbsences(View& view, Visit& visit, std::int64_t person, const std::string& address,
                 const AbsenceDraft& draft);
// Reads the posted form and declares it.
AbsenceDraft DeclareAbsenceOf(Visit& visit, std::int64_t person);
void EndAbsenceOf(Visit& visit, std::int64_t person);  // {absence}; HttpError 404

}  // namespace aiguillage::web
