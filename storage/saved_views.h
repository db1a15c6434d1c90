// Lists that somebody keeps: the address of a page of ours as they filtered it, under a name.
//
//   SaveView(session, {0, 17, "En retard chez moi", "/projets?retard=1&chez=collection_lead", now})
//   ViewsOf(session, 17)[0].address
//
// Nobody else sees them; the address grants nothing: the list is read anew each time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aiguillage::storage {

class Session;

struct SavedView {
  std::int64_t id = 0;
  std::int64_t person = 0;
  std::string name;     // one of a kind for its person
  std::string address;  // "/projets?etat=lead_review"
  std::int64_t at = 0;
};
void SaveView(Session&, const SavedView&);  // the same name again: its address is replaced
std::vector<SavedView> ViewsOf(Session&, std::int64_t person);    // oldest first
bool DeleteView(Session&, std::int64_t id, std::int64_t person);  // false: not theirs

}  // namespace aiguillage::storage
