// What a new version of the rails changes for those who run a call: steps and forms that come, go
// or read otherwise.
//
//   CompareVersions(before, after).states_added       {« Arbitrage »}
//   CompareVersions(before, after).forms_changed      {« Fiche de recette intégrateur »}
#pragma once

#include <string>
#include <vector>

#include "workflows/catalog.h"

namespace aiguillage::web {

struct VersionChanges {
  std::vector<std::string> states_added, states_removed;               // labels
  std::vector<std::string> forms_added, forms_removed, forms_changed;  // titles
  bool rules_changed = false;  // the chart's text: transitions, deadlines, mails named
};
VersionChanges CompareVersions(const workflows::Definition& before,
                               const workflows::Definition& after);

}  // namespace aiguillage::web
